import { expect, test } from 'vitest';
import { GmlpError } from './errors.ts';

test('an error is recognised by its marker, also from another copy of the package', () => {
  const error = new GmlpError('invalid-data', 'read: broken', { file: 'x' });
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.fields]).toEqual(['GmlpError', 'invalid-data', { file: 'x' }]);
  expect(GmlpError.isInstance(error)).toBe(true);
  expect(GmlpError.isInstance(Object.assign(new Error('x'), { [Symbol.for('gmlp.error')]: true }))).toBe(true);
  for (const other of [new Error('x'), null, undefined, 'GmlpError', { name: 'GmlpError' }]) {
    expect(GmlpError.isInstance(other)).toBe(false);
  }
});

test('the marker stays out of what is printed', () => {
  expect(Object.keys(new GmlpError('io', 'x'))).not.toContain('Symbol(gmlp.error)');
  expect(JSON.parse(JSON.stringify(new GmlpError('io', 'x', { a: 1 })))).toEqual({
    name: 'GmlpError',
    code: 'io',
    fields: { a: 1 },
  });
});
