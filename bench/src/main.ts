/**
 * `pnpm bench all|step|passes|memory|files|images|text|tokenizer-training|dispatches|browser [--smallest] [--json] [--rounds n]`. GMLP_PYTHON
 * names a Python that has torch, tokenizers or sentencepiece, to measure these too. `all` runs each, goes on after one that fails, and fails then.
 */
import { parseArgs } from 'node:util';
import { fullSize, smallestSize } from './bench-size.ts';
import { type Bench, benches } from './benches.ts';

const names = ['all', ...benches.map(({ name }) => name)];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    smallest: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});
const size = values.smallest ? smallestSize : fullSize;
const rounds = Number(values.rounds ?? size.rounds);
const what = positionals.join(' ');
if (!names.includes(what) || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`usage: pnpm bench ${names.join('|')} [--smallest] [--json] [--rounds n]\n`);
  process.exit(2);
}

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function run({ name, missing, measure }: Bench): Promise<'passed' | 'skipped'> {
  const lacking = missing();
  if (lacking !== undefined) {
    log(`${name} ${lacking}`);
    return 'skipped';
  }
  const options = [`--rounds ${rounds}`, ...(values.smallest ? ['--smallest'] : [])];
  const { figures, table } = await measure({ size, rounds, command: `pnpm bench ${name} ${options.join(' ')}`, log });
  process.stdout.write(`${values.json ? JSON.stringify(figures) : table}\n`);
  return 'passed';
}

if (what !== 'all') {
  if ((await run(benches.find(({ name }) => name === what)!)) === 'skipped') process.exitCode = 1;
} else {
  const outcomes: string[] = [];
  for (const bench of benches) {
    log(`=== ${bench.name}`);
    try {
      outcomes.push(await run(bench));
    } catch (error) {
      log(`${bench.name} failed: ${(error as Error).stack}`);
      outcomes.push('failed');
    }
  }
  const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  process.stderr.write(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`);
  if (count('failed') > 0) process.exitCode = 1;
}
