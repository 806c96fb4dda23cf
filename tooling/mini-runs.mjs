/**
 * `pnpm mini`: trains the mini recipes that runs/ has no finished run of, one after the other on nothing but the
 * CPU, and writes what they gave into apps/trainer/src/recipes/mini-runs.ts, where their claims and the page of the docs take it from.
 * `pnpm mini --check`: trains the first ten steps of each, and compares their loss with that of the stored run.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from './run-built.mjs';

register('./source-hooks.mjs', import.meta.url);
const { miniNames } = await import('../apps/trainer/src/recipes/mini-recipes.ts');
const { miniRuns } = await import('../apps/trainer/src/recipes/mini-runs.ts');

/** Processors differ in the last bits of a product, and ten steps make that no larger than this. */
const tolerance = 1e-3;

const stored = join(root, 'apps/trainer/src/recipes/mini-runs.ts');
const program = join(root, 'apps/trainer/dist/main.js');
const train = (args, stdio) => spawn(process.execPath, [program, 'train', ...args, '--device', 'ort-cpu'], { cwd: root, stdio });
const ended = (child) => new Promise((resolve) => child.once('close', resolve));
const recordsOf = (run) => {
  const path = join(run, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line)); // behind the last line feed is nothing, or half a line
};
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

if (!(await build())) process.exit(1);
process.exit(process.argv.includes('--check') ? await check() : await runAll());

async function runAll() {
  const runs = [];
  for (const name of miniNames) {
    const run = join(root, 'runs', name);
    const there = existsSync(join(run, 'run.json'));
    if (!there || json(join(run, 'state.json')).state !== 'finished') {
      const status = await ended(train(there ? [run] : [name, '--out', run], 'inherit'));
      if (status !== 0) return status;
    }
    runs.push(storedRun(run));
  }
  const text = JSON.stringify(runs, undefined, 2);
  writeFileSync(
    stored,
    `/** Written by \`pnpm mini\` from runs of the mini recipes: change nothing by hand. */
import type { MiniRun } from './mini-run.ts';

export const miniRuns: readonly MiniRun[] = ${text};
`,
  );
  return ended(spawn(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', stored], { cwd: root, stdio: 'ignore' })); // biome-ignore format: one call
}

function storedRun(run) {
  const { recipe, device, machine } = json(join(run, 'run.json'));
  const { claim: _claim, command: _command, ...settings } = recipe;
  const lines = recordsOf(run);
  const records = lines.filter(({ loss }) => loss !== undefined);
  const mean = (name) => records.reduce((sum, record) => sum + record[name], 0) / records.length;
  const { cpu, cores, node } = machine;
  return {
    recipe: settings,
    device,
    machine: { cpu, cores, node },
    firstLosses: records.slice(0, 3).map(({ step, loss }) => [step, loss]),
    gflopsPerSecond: mean('gflopsPerSecond'),
    productShare: mean('productShare'),
    end: lines.at(-1),
  };
}

async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'gmlp-mini-'));
  let failed = 0;
  for (const name of miniNames) {
    const found = miniRuns.find(({ recipe }) => recipe.name === name);
    const run = join(folder, name);
    const child = train([name, '--out', run], 'ignore');
    const end = ended(child);
    const first = async () => {
      for (;;) {
        const [record] = recordsOf(run);
        if (record !== undefined || child.exitCode !== null) return record;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const record = await first();
    child.kill('SIGKILL');
    await end;
    const [step, loss] = found?.firstLosses[0] ?? [];
    const same = record !== undefined && record.step === step && Math.abs(record.loss / loss - 1) < tolerance;
    if (!same) failed++;
    console.log(`${name}: the mean loss of the first ${record?.step} steps is ${record?.loss}, of the stored run ${loss}${same ? '' : ': NOT the same'}`); // biome-ignore format: one line
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`${miniNames.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
