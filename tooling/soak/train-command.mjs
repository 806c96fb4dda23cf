/** What the parts of the soak share: text to train on, `gmlp train` as a process, and the comparison of what runs end in. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run-built.mjs';
import { timelessMetrics } from '../timeless-metrics.mjs';

/** A folder of so many documents of a few words. */
export function writeText(path, documents) {
  mkdirSync(path);
  const words = ['peace', 'union', 'treaty', 'commerce', 'revenue', 'nation', 'senate'];
  for (let document = 0; document < documents; document++) {
    const sentences = Array.from({ length: 80 }, (_, i) => {
      const [first, second] = [words[(3 * i + document) % 7], words[(i + 2 * document) % 7]];
      return `The ${first} of the states depends upon the ${second} of the people.`;
    });
    writeFileSync(join(path, `${document}.txt`), sentences.join(' '));
  }
  return path;
}

export function writeRecipe(path, recipe) {
  writeFileSync(path, JSON.stringify(recipe));
  return path;
}

/**
 * Runs `gmlp train`. `killAfter` kills it after so many seconds, which count from its start or from when standard error has said
 * `countFrom`. `node` goes before the command.
 */
export function train(args, { killAfter, countFrom, node = [], env = {} } = {}) {
  const main = join(root, 'apps/trainer/dist/main.js');
  const command = spawn(process.execPath, [...node, main, 'train', ...args], { env: { ...process.env, ...env } });
  const start = performance.now();
  let timer;
  const kill = () => {
    if (killAfter !== undefined) timer ??= setTimeout(() => command.kill('SIGKILL'), 1000 * killAfter);
  };
  if (countFrom === undefined) kill();
  let err = '';
  command.stdout.resume();
  command.stderr.setEncoding('utf8').on('data', (piece) => {
    err += piece;
    if (countFrom !== undefined && err.includes(countFrom)) kill();
  });
  return new Promise((resolve, reject) => {
    command.once('error', reject);
    command.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, err, seconds: (performance.now() - start) / 1000 });
    });
  });
}

/** A run that is left alone, which the others are compared with. */
export async function trainAlone(recipe, out) {
  const { code, err, seconds } = await train([recipe, '--out', out]);
  if (code !== 0) throw new Error(`soak: the run that is left alone failed:\n${err}`);
  console.log(`left alone: ${seconds.toFixed(1)} s`);
  return seconds;
}

/** Goes on with a run that was killed, or begins it if it had not begun. */
export async function goOn(recipe, out) {
  const resumed = await train(['--resume', '--out', out]);
  return resumed.code !== 0 && resumed.err.includes('there is no run') ? train([recipe, '--out', out]) : resumed;
}

/** In what a run differs from the one that was left alone: names of files, of temporary ones that stayed too. */
export function differences(run, alone) {
  const contents = (folder) => {
    const names = readdirSync(join(folder, 'model'));
    const files = names.map((name) => [`model/${name}`, readFileSync(join(folder, 'model', name))]);
    const newest = readdirSync(join(folder, 'checkpoints')).sort().at(-1);
    const saved = ['model.safetensors', 'optimiser.safetensors'].map((name) => join('checkpoints', newest, name));
    return new Map([
      ...files,
      ...saved.map((name) => [name, readFileSync(join(folder, name))]),
      ['metrics.jsonl', timelessText(readFileSync(join(folder, 'metrics.jsonl'), 'utf8'))],
    ]);
  };
  const [here, there] = [contents(run), contents(alone)];
  const different = [...new Set([...here.keys(), ...there.keys()])].filter((name) => {
    const [a, b] = [here.get(name), there.get(name)];
    return a === undefined || b === undefined || !Buffer.from(a).equals(Buffer.from(b));
  });
  const left = readdirSync(run, { recursive: true }).filter((name) => name.endsWith('.tmp') || name.includes('lock.json'));
  return [...different, ...left.map((name) => `${name} (left over)`)];
}

/** metrics.jsonl without what depends on the clock. */
const timelessText = (lines) => JSON.stringify(timelessMetrics(lines));
