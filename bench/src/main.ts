/** `pnpm bench step [--json] [--rounds n]`. GMLP_PYTHON names a Python that has torch, to measure PyTorch too. */
import { parseArgs } from 'node:util';
import { measureStep } from './step.ts';
import { stepFigures, stepTable } from './step-report.ts';

const usage = 'usage: pnpm bench step [--json] [--rounds n]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
});
const rounds = Number(values.rounds);
if (positionals.join(' ') !== 'step' || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const python = process.env['GMLP_PYTHON'] || undefined;
const log = (line: string): void => void process.stderr.write(`${line}\n`);
if (!python) log('GMLP_PYTHON is not set: PyTorch is left out');
const figures = stepFigures(await measureStep({ rounds, python, log }));
process.stdout.write(`${values.json ? JSON.stringify(figures) : stepTable(figures)}\n`);
