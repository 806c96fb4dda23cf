import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromium, skippedWithoutChromium } from './chromium.ts';

const loader = new URL('../../../tooling/source-loader.mjs', import.meta.url).href;
const program = `import { openChromium } from '@gmlp/testing';
  await openChromium();
  process.stdout.write('open');
  process.once('SIGTERM', () => process.exit());`;

describe.skipIf(!chromium)(`Chromium ${chromium ? '' : skippedWithoutChromium}`, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves nothing in the temporary folder of a process that ends by %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'gmlp-'));
      try {
        const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', program], {
          cwd: import.meta.dirname,
          env: { ...process.env, TMPDIR: folder },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const ended = once(child, 'exit');
        await Promise.race([once(child.stdout, 'data'), ended]);
        expect(await readdir(folder)).not.toEqual([]);
        child.kill(signal);
        await ended;
        expect(await readdir(folder)).toEqual([]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
