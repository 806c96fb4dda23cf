import { expect, test } from 'vitest';
import { GmlpError, plainMessage } from './errors.ts';

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

test('people who call no functions read no name of one', () => {
  const said = (message: string): string => plainMessage(new GmlpError('io', message));
  expect(said('readC4: a.json.gz, record 3: broken')).toBe('a.json.gz, record 3: broken');
  for (const whole of [
    'runs/a: no space left',
    'a.json: broken',
    '/a: gone',
    'C: gone',
    'one [MASK] is missing: write it',
    'a: b'.slice(3),
  ])
    expect(said(whole)).toBe(whole);
  expect(plainMessage(new TypeError('x: y'))).toBe('x: y');
  expect(plainMessage('thrown: text')).toBe('thrown: text');
});
