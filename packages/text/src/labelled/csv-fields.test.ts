import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvFields } from './csv-fields.ts';

it('reads what RFC 4180 writes, whatever the fields hold', () => {
  const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
      expect(csvFields(fields.map(quoted).join(','))).toEqual(fields);
      const bare = fields.map((each) => (/[",\n\r]/.test(each) ? quoted(each) : each));
      expect(csvFields(bare.join(','))).toEqual(fields);
    }),
  );
});

it.each(['a"b', '"a"b', '"a', '"a""', 'x,"y" ,z'])('refuses %j', (record) => {
  expect(csvFields(record)).toBeUndefined();
});
