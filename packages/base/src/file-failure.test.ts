import { expect, it } from 'vitest';
import { GmlpError } from './errors.ts';
import { fileFailure } from './file-failure.ts';

it.each([
  ['EIO', 'EIO: i/o error, write', 'cannot write runs/a/events: EIO: i/o error, write; the disk or the connection to it failed'],
  ['ENOSPC', 'ENOSPC: no space left on device', 'no space left on device; free some space'],
  ['EODD', 'EODD: odd', 'cannot write runs/a/events: EODD: odd'],
])('%s: names the file, the reason and what to do', (code, message, told) => {
  const cause = Object.assign(new Error(message), { code });
  const failure = fileFailure('runs/a/events', cause);
  expect(failure).toMatchObject({ code: 'io', cause, fields: { path: 'runs/a/events' } });
  expect(failure.message).toContain(told);
});

it('an error that says it all already stays as it is', () => {
  const error = new GmlpError('invalid-data', 'all of it');
  expect(fileFailure('elsewhere', error)).toBe(error);
});
