/**
 * `pnpm soak [rounds] [--only moments|operations|width|images]`: runs are killed and gone on with, and each must end in the same bytes as one
 * that was left alone: a small one at random moments, so many rounds; a tiny one before each of its file operations; one of the paper's
 * width at random moments, three times in a row. And `images`: 5,000 pictures are prepared for training in memory that stays as it is. The
 * last line is `N passed, N failed`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './run-built.mjs';
import { killedAtEachOperation } from './soak/each-operation.mjs';
import { imageMemory } from './soak/image-memory.mjs';
import { paperWidth } from './soak/paper-width.mjs';
import { killedAtRandomMoments } from './soak/random-moments.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const rounds = Number(positionals[0] ?? 20);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`soak: expected a number of rounds, got ${positionals[0]}`);
const parts = {
  moments: (folder) => killedAtRandomMoments(folder, rounds),
  operations: killedAtEachOperation,
  width: paperWidth,
  images: imageMemory,
};
const names = values.only === undefined ? Object.keys(parts) : [values.only];
if (!names.every((name) => Object.hasOwn(parts, name))) {
  throw new Error(`soak: --only takes one of ${Object.keys(parts).join(', ')}, got ${values.only}`);
}
if (!(await build())) process.exit(1);

const total = { passed: 0, failed: 0 };
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), `gmlp-soak-${name}-`));
  const start = performance.now();
  const { passed, failed } = await parts[name](folder);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${((performance.now() - start) / 1000).toFixed(0)} s`);
  total.passed += passed;
  total.failed += failed;
  if (failed === 0) rmSync(folder, { recursive: true });
  else console.log(`the failed runs are in ${folder}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
