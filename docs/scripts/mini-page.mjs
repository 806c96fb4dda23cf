/** The page of the mini recipes: table 3 of the paper in small, from the runs that are stored beside the recipes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { miniRows } from '../../apps/trainer/src/recipes/mini-recipes.ts';
import { miniRuns } from '../../apps/trainer/src/recipes/mini-runs.ts';

export function writeMiniPage() {
  mkdirSync(new URL('../reference', import.meta.url), { recursive: true });
  writeFileSync(new URL('../reference/mini.md', import.meta.url), miniPage());
}

const whole = (value) => Math.round(value).toLocaleString('en-US');

function miniPage() {
  if (miniRuns.length === 0) throw new Error('there is no stored run of a mini recipe: pnpm mini makes them');
  const [{ machine, device, recipe, end }] = miniRuns;
  const rows = miniRuns.map(({ recipe: { name, optimiser }, end: of, gflopsPerSecond, productShare }) => {
    const { row, paper, recalled } = miniRows[name];
    return [
      `\`${name}\``,
      row,
      `${paper}${recalled ? '*' : ''}`,
      String(optimiser.peakRate),
      of.valPerplexity.toFixed(1),
      of.valBitsPerByte.toFixed(3),
      `${(of.parameters / 1e6).toFixed(2)} M`,
      whole(of.seconds),
      whole(of.peakBytes / 1e6),
      `${whole(gflopsPerSecond)} (${Math.round(100 * productShare)} %)`,
    ].join(' | ');
  });
  const tokens = recipe.batchSize * recipe.accumulate * 128 * recipe.steps;
  return `# Table 3 in small

The paper compares eight models at masked language modelling: 125,000 steps of 2,048 sequences. Here are the same eight with about
${(end.parameters / 1e6).toFixed(2)} million parameters each, the same for all within two hundredths, trained on the State of the Union addresses that come with gmlp: ${whole(recipe.steps)} steps of
${recipe.batchSize} sequences of 128 tokens, ${whole(tokens)} tokens in all, minutes on two cores. \`gmlp train mini-gmlp\` trains one.

| recipe | row of table 3 | perplexity in the paper | peak rate | perplexity here | bits per byte | parameters | seconds | peak memory, MB | GFLOP/s (share of products alone) |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.map((row) => `| ${row} |`).join('\n')}

A model that knows only how often each piece occurs has perplexity ${whole(end.unigramPerplexity)}. Figures with * were written down from memory and not read
again in the paper. One run each, seed ${recipe.seed}, on \`${device}\`: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. Seconds, memory and
GFLOP/s depend on the machine; perplexities differ from it in their last digits. From a clone \`pnpm mini\` makes the runs and this table.

## What it shows, and what it does not

A tiny model on a small text in few steps is no small copy of the paper's experiment. What learns fast is ahead here: a spatial
weight sees the neighbours of a token from the first step on, whereas attention has to learn where to look, which takes more steps than these. Among the gMLPs the order is the paper's, split
gates first. The Mixer has not got beyond the frequencies of pieces in so few steps at this rate, nor in 1,000 steps at rates of 0.00025, 0.0005, 0.001 and 0.004; BERT at 0.0005 ends at 548, 496 and 497. The learning
rates are those at which the small models of the playground train well, where the paper has one for all.
`;
}
