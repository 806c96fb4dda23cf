/**
 * `node tooling/stored-runs.mjs mini|cifar|sst2 [--data <archive or folder>] [--text <folder>]`: trains the runs of a set that runs/ has no finished run of, one after the
 * other on nothing but the CPU, and writes what they gave into apps/trainer/src/recipes, where claims and pages of the docs take it from.
 * `... --check`: trains the first ten steps of each, and compares their loss with that of the stored run.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, root } from './run-built.mjs';

register('./source-hooks.mjs', import.meta.url);
const { miniSet } = await import('./mini-set.mjs');
const { cifarSet } = await import('./cifar-set.mjs');
const { sst2Set } = await import('./sst2-set.mjs');

/** Processors differ in the last bits of a product, and ten steps make that no larger than this. */
const tolerance = 1e-3;

const sets = { mini: miniSet, cifar: cifarSet, sst2: sst2Set };
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, text: { type: 'string' }, check: { type: 'boolean', default: false } },
});
const name = positionals[0];
if (!Object.hasOwn(sets, name)) throw new Error(`expected one of ${Object.keys(sets).join(', ')}, got ${name}`);
const { runs, kept, file, type, beside } = sets[name](values, join(root, 'runs'));

const program = join(root, 'apps/trainer/dist/main.js');
const start = (args, stdio) => spawn(process.execPath, [program, ...args, '--device', 'ort-cpu'], { cwd: root, stdio });
const ended = (child) => new Promise((resolve) => child.once('close', resolve));
const recordsOf = (run) => {
  const path = join(run, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line)); // behind the last line feed is nothing, or half a line
};
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

if (!(await build())) process.exit(1);
process.exit(values.check ? await check() : await runAll());

async function runAll() {
  const stored = [];
  const compared = await beside?.();
  for (const { folder, args } of runs) {
    const run = join(root, 'runs', folder);
    const there = existsSync(join(run, 'run.json'));
    if (!there || json(join(run, 'state.json')).state !== 'finished') {
      const goesOn = there && args[0] === 'train'; // the others go on by the command that began them
      const status = await ended(start(goesOn ? ['train', run] : [...args, '--out', run], 'inherit'));
      if (status !== 0) return status;
    }
    stored.push(storedRun(run));
    const status = await write(stored, compared);
    if (status !== 0) return status;
  }
  return 0;
}

/** After each run, as a set takes long; resolves to how the formatter ended. */
function write(stored, compared) {
  const path = join(root, 'apps/trainer/src/recipes', `${file}.ts`);
  writeFileSync(
    path,
    `/** Written by \`pnpm ${name}\` from runs of its recipes: change nothing by hand. */
import type { ${type} } from './${file.replace(/s$/, '')}.ts';

export const ${name}Runs: readonly ${type}[] = ${JSON.stringify(stored, undefined, 2)};
${compared === undefined ? '' : `\n/** No runs, and what they are compared with. */\nexport const ${name}Beside = ${JSON.stringify(compared, undefined, 2)};\n`}`,
  );
  return ended(spawn(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', path], { cwd: root, stdio: 'ignore' })); // biome-ignore format: one call
}

function storedRun(run) {
  const { recipe, device, machine } = json(join(run, 'run.json'));
  const lines = recordsOf(run);
  const records = lines.filter(({ loss }) => loss !== undefined);
  const mean = (figure) => records.reduce((sum, record) => sum + record[figure], 0) / records.length;
  const { cpu, cores, node } = machine;
  return {
    ...kept(recipe),
    device,
    machine: { cpu, cores, node },
    firstLosses: records.slice(0, 3).map(({ step, loss }) => [step, loss]),
    gflopsPerSecond: mean('gflopsPerSecond'),
    productShare: mean('productShare'),
    end: lines.at(-1),
  };
}

async function check() {
  const { [`${name}Runs`]: stored } = await import(`../apps/trainer/src/recipes/${file}.ts`);
  const folder = mkdtempSync(join(tmpdir(), `gmlp-${name}-`));
  let failed = 0;
  for (const [index, { folder: own, args }] of runs.entries()) {
    const run = join(folder, own);
    const child = start([...args, '--out', run], 'ignore');
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
    const [step, loss] = stored[index]?.firstLosses[0] ?? [];
    const same = record !== undefined && record.step === step && Math.abs(record.loss / loss - 1) < tolerance;
    if (!same) failed++;
    console.log(`${own}: the mean loss of the first ${record?.step} steps is ${record?.loss}, of the stored run ${loss}${same ? '' : ': NOT the same'}`); // biome-ignore format: one line
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`${runs.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
