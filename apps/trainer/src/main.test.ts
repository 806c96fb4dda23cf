/** The command as a process of its own whose readers go away. */
import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandEnd, commandLine, startCommand } from './run/tiny-run.ts';

it('results that nobody reads are no error', async () => {
  const command = startCommand(['models', '--json']);
  command.stdout.destroy();
  expect(await commandEnd(command)).toEqual({ code: 0, out: '', err: '' });
});

it.skipIf(!existsSync('/dev/full'))('results that a full disk refuses are told (skipped without /dev/full)', async () => {
  const [program, ...args] = commandLine(['models']);
  const command = spawn(program!, args, { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
  let err = '';
  command.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  expect(await new Promise((resolve) => command.once('close', resolve))).toBe(1);
  expect(err).toMatch(/result could not be written to standard output: ENOSPC/);
});
