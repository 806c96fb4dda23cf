import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteLines } from './byte-lines.ts';

async function* chunked(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

test('lines do not depend on how the bytes arrive, and long ones come out as their length', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 9 }),
      async (all, sizes, max) => {
        const lines: (string | number)[] = [];
        for await (const line of byteLines(chunked(all, sizes), max)) {
          lines.push('tooLong' in line ? line.tooLong : Buffer.from(line.bytes).toString('latin1'));
        }
        const expected = all.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected.map((line) => (line.length > max ? line.length : line)));
      },
    ),
  );
});
