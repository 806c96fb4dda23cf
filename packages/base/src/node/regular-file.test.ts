import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegularFile } from './regular-file.ts';

test.skipIf(process.platform === 'win32')('a named pipe or a device is refused at once, not waited for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-pipe-'));
  const pipe = join(folder, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  await expect(openRegularFile('reader', pipe)).rejects.toThrow(`reader: ${pipe} is a named pipe, expected a file`);
  await expect(openRegularFile('reader', '/dev/zero')).rejects.toThrow('is a device, expected a file');
  await rm(folder, { recursive: true });
});

test('what is not there, and a folder', async () => {
  const none = join(tmpdir(), 'gmlp-none');
  await expect(openRegularFile('reader', none)).rejects.toMatchObject({
    code: 'not-found',
    message: `reader: ${none} does not exist`,
  });
  await expect(openRegularFile('reader', tmpdir())).rejects.toThrow('is a folder, expected a file');
});
