/** The page of the recipes for CIFAR-10, from the runs that are stored beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { builtInRecipes } from '../../apps/trainer/src/recipes/built-in.ts';
import { cifarNames } from '../../apps/trainer/src/recipes/cifar-recipes.ts';
import { settingsFingerprint } from '../../apps/trainer/src/recipes/cifar-run.ts';
import { cifarRuns } from '../../apps/trainer/src/recipes/cifar-runs.ts';
import { stepsOfEqualCost } from '../../apps/trainer/src/recipes/cifar-steps.ts';

export function writeCifarPage() {
  mkdirSync(new URL('../reference', import.meta.url), { recursive: true });
  writeFileSync(new URL('../reference/cifar.md', import.meta.url), cifarPage());
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample: divided by one less than there are values. */
function deviation(values) {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

function cifarPage() {
  for (const run of cifarRuns) {
    const recipe = builtInRecipes.get(run.recipe);
    if (settingsFingerprint(recipe) !== run.settings) {
      throw new Error(`${run.recipe} has other settings than its stored run: pnpm cifar --data cifar10-train.tar makes it again`);
    }
  }
  const gmlp = builtInRecipes.get('cifar10-gmlp');
  const long = cifarRuns.find(({ recipe, steps }) => recipe === 'cifar10-gmlp' && steps === gmlp.steps);
  if (long === undefined) throw new Error('there is no stored run of cifar10-gmlp: pnpm cifar --data cifar10-train.tar makes it');
  const { machine, device, end } = long;
  const peta = long.flops / 1e15;
  return `# CIFAR-10 on two cores

Five image models of about ${(end.parameters / 1e6).toFixed(2)} million parameters learn the 50,000 training images of CIFAR-10: patches of ${gmlp.model.patchSize} x ${gmlp.model.patchSize} pixels, ${gmlp.model.channels} channels, one
schedule. ${whole(gmlp.data.heldOut)} of the images are held out, and all figures are of those. \`gmlp train cifar10-gmlp --set data.path=cifar10-train.tar\` trains one;
the archive is a tar of class folders, or the authors' binary files with \`--set data.format=cifar10\`.

## The gMLP, whole

${whole(long.steps)} steps of ${gmlp.batchSize} images: top-1 accuracy **${percent(end.valTop1)}**, top-5 ${percent(end.valTop5)}, loss ${end.valLoss.toFixed(3)} (always the commonest class: ${percent(end.commonestTop1)}). It took
${Math.round(end.seconds / 60)} minutes and ${peta.toFixed(2)} PFLOP of products at ${whole(long.gflopsPerSecond)} GFLOP/s, ${Math.round(100 * long.productShare)} % of what products alone reach, and ${whole(end.peakBytes / 1e6)} MB at its peak; seed ${long.seed}, on \`${device}\`:
${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. Other programs ran beside it for a part of that time.

## Five models, equal compute

A short setting, in which every model gets as many multiply-adds as ${whole(stepsOfEqualCost(builtInRecipes, 'cifar10-gmlp'))} steps of the gMLP: mean and standard deviation of the top-1 accuracy over seeds.

| recipe | parameters | steps | PFLOP | top-1 | seeds |
|---|--:|--:|--:|--:|--:|
${cifarNames.map(row).join('\n')}

From a clone \`pnpm cifar --data cifar10-train.tar\` makes the runs that are missing and this table, in some hours. So few steps say what learns fast, not
what is best in the end.
`;
}

function row(name) {
  const steps = stepsOfEqualCost(builtInRecipes, name);
  const runs = cifarRuns.filter((run) => run.recipe === name && run.steps === steps);
  if (runs.length === 0) return `| \`${name}\` | | ${whole(steps)} | | not trained yet | 0 |`;
  const accuracies = runs.map(({ end }) => end.valTop1);
  const spread = runs.length > 1 ? ` ± ${(100 * deviation(accuracies)).toFixed(1)}` : '';
  const [{ end, flops }] = runs;
  const accuracy = `${(100 * mean(accuracies)).toFixed(1)}${spread} %`;
  return `| \`${name}\` | ${(end.parameters / 1e6).toFixed(3)} M | ${whole(steps)} | ${(flops / 1e15).toFixed(3)} | ${accuracy} | ${runs.length} |`;
}
