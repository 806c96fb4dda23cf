/** `pnpm bench step|passes|memory|files|dispatches|browser [--json] [--rounds n]`. GMLP_PYTHON names a Python that has torch, to measure PyTorch too. */
import { parseArgs } from 'node:util';
import { measureBrowser, threads } from './browser.ts';
import { browserFigures, browserTable } from './browser-report.ts';
import { dispatchTable, measureDispatches } from './dispatches.ts';
import { fileTable, measureFiles } from './files.ts';
import { measuredOn } from './measured-on.ts';
import { measureMemory, memoryTable } from './memory.ts';
import { measurePasses, passTable } from './passes.ts';
import { measureStep } from './step.ts';
import { stepFigures, stepTable } from './step-report.ts';

const usage = 'usage: pnpm bench step|passes|memory|files|dispatches|browser [--json] [--rounds n]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
});
const rounds = Number(values.rounds);
const what = positionals.join(' ');
if (!['step', 'passes', 'memory', 'files', 'dispatches', 'browser'].includes(what) || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const print = <T>(figures: T, table: (figures: T) => string): void =>
  void process.stdout.write(`${values.json ? JSON.stringify(figures) : table(figures)}\n`);

if (what === 'passes') {
  print(await measurePasses(rounds, log), passTable);
} else if (what === 'files') {
  print(await measureFiles(log), fileTable);
} else if (what === 'memory') {
  print(await measureMemory(log), memoryTable);
} else if (what === 'dispatches') {
  print({ command: 'pnpm bench dispatches', ...(await measureDispatches(30, log)) }, dispatchTable);
} else if (what === 'browser') {
  const { times, product, chromium } = await measureBrowser(rounds, log);
  const { command, machine } = measuredOn(`pnpm bench browser --rounds ${rounds}`, undefined);
  print({ command, machine: { ...machine, chromium }, ...browserFigures(times, product, threads) }, browserTable);
} else {
  const python = process.env['GMLP_PYTHON'] || undefined;
  if (!python) log('GMLP_PYTHON is not set: PyTorch is left out');
  const figures = stepFigures(await measureStep({ rounds, python, log }));
  print({ ...measuredOn(`pnpm bench step --rounds ${rounds}`, python), ...figures }, stepTable);
}
