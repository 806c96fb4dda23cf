/**
 * `pnpm soak [rounds]`: a small run is killed at a random moment and gone on with, over and over; each time it must end in the
 * same bytes as one that was left alone. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from './run-built.mjs';

const rounds = Number(process.argv[2] ?? 20);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`soak: expected a number of rounds, got ${process.argv[2]}`);
if (!(await build())) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'gmlp-soak-'));
const text = join(folder, 'text');
mkdirSync(text);
const words = ['peace', 'union', 'treaty', 'commerce', 'revenue', 'nation', 'senate'];
for (let document = 0; document < 12; document++) {
  const sentences = Array.from({ length: 80 }, (_, i) => {
    const [first, second] = [words[(3 * i + document) % 7], words[(i + 2 * document) % 7]];
    return `The ${first} of the states depends upon the ${second} of the people.`;
  });
  writeFileSync(join(text, `${document}.txt`), sentences.join(' '));
}
const recipe = join(folder, 'soak.json');
writeFileSync(
  recipe,
  JSON.stringify({
    name: 'soak',
    model: { family: 'gmlp-language', tokens: 32, channels: 32, hiddenChannels: 64, layers: 2, survivalProbability: 0.9 },
    data: { source: 'text', path: text, heldOut: 2, vocabulary: 320 },
    optimiser: { peakRate: 0.01, warmupSteps: 10, clipNorm: 1, ema: 0.95 },
    steps: 300,
    batchSize: 4,
    accumulate: 2,
    recordEvery: 10,
    evaluation: { every: 25 },
    checkpoints: { every: 10, keep: 2 },
  }),
);

/** Runs `gmlp train`; with `killAfter` kills it after so many seconds. */
function train(args, killAfter) {
  const command = spawn(process.execPath, [join(root, 'apps/trainer/dist/main.js'), 'train', ...args]);
  let err = '';
  command.stderr.setEncoding('utf8').on('data', (piece) => {
    err += piece;
  });
  const start = performance.now();
  const timer = killAfter === undefined ? undefined : setTimeout(() => command.kill('SIGKILL'), 1000 * killAfter);
  return new Promise((resolve, reject) => {
    command.once('error', reject);
    command.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, err, seconds: (performance.now() - start) / 1000 });
    });
  });
}

const files = ['model.safetensors', 'ema.safetensors', 'config.json', 'tokenizer.json'];
const modelOf = (run) => files.map((file) => readFileSync(join(run, 'model', file)));

const straight = join(folder, 'straight');
const { code, err, seconds } = await train([recipe, '--out', straight]);
if (code !== 0) throw new Error(`soak: the run that is left alone failed:\n${err}`);
const expected = modelOf(straight);
console.log(`left alone: ${seconds.toFixed(1)} s`);

let passed = 0;
for (let round = 1; round <= rounds; round++) {
  const run = join(folder, `round-${round}`);
  const moment = Math.random() * seconds;
  const killed = await train([recipe, '--out', run], moment);
  // Killed before the run had begun there is nothing to go on with: it begins.
  let resumed = await train(['--resume', '--out', run]);
  if (resumed.code !== 0 && resumed.err.includes('there is no run')) resumed = await train([recipe, '--out', run]);
  const same = resumed.code === 0 && modelOf(run).every((bytes, index) => bytes.equals(expected[index]));
  if (same) passed++;
  const how = killed.code === 0 ? 'ended before it was killed' : `killed after ${moment.toFixed(2)} s`;
  const from = /goes on after step (\d+)/.exec(resumed.err)?.[1] ?? 'the start';
  console.log(
    `round ${round}: ${how}, went on from ${from}: ${same ? 'same bytes' : `DIFFERENT\n${killed.err}\n${resumed.err}`}`,
  );
  if (same) rmSync(run, { recursive: true });
}
if (passed === rounds) rmSync(folder, { recursive: true });
else console.log(`the failed runs are in ${folder}`);
console.log(`${passed} passed, ${rounds - passed} failed`);
process.exit(passed === rounds ? 0 : 1);
