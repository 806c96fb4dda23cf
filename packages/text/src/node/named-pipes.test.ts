import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPacked } from './open-packed.ts';
import { readC4 } from './read-c4.ts';

test.skipIf(process.platform === 'win32')('a named pipe is refused at once, not waited for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-pipe-'));
  const pipe = join(folder, 'c4-train.json.gz');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  await expect(openPacked(pipe)).rejects.toThrow(`openPacked: ${pipe} is a named pipe, expected a file`);
  await expect(readC4(pipe)[Symbol.asyncIterator]().next()).rejects.toThrow('is a named pipe');
  await rm(folder, { recursive: true });
});
