/** The page of what pretraining is worth on SST-2, from the runs that are stored beside the recipes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { sst2Beside, sst2Runs } from '../../apps/trainer/src/recipes/sst2-runs.ts';
import { textNames, textRecipes } from '../../apps/trainer/src/recipes/text-recipes.ts';

export function writeSst2Page() {
  mkdirSync(new URL('../reference', import.meta.url), { recursive: true });
  writeFileSync(new URL('../reference/sst2.md', import.meta.url), sst2Page());
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of the mean of a sample. */
function standardError(values) {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}

function sst2Page() {
  const [recipe] = textRecipes;
  const { bagOfWords, sentences } = sst2Beside;
  const [run] = sst2Runs;
  return `# What pretraining is worth on SST-2

A gMLP, an aMLP and a BERT of about 1.68 million parameters learn English by filling masks in a folder of 97 old books, ${whole(recipe.steps)} steps of
${recipe.batchSize} rows of 128 tokens, and then to tell good film reviews from bad ones: the ${whole(sentences.train)} whole sentences of SST-2, measured on its ${whole(sentences.dev)}
sentences for development. Each is also trained on the sentences from drawn weights. Accuracy, mean and standard error over seeds:

| recipe | perplexity on the books | pretrained | seeds | from drawn weights | seeds |
|---|--:|--:|--:|--:|--:|
${textNames.map(row).join('\n')}
| words alone | | | | ${percent(bagOfWords.accuracy)} | |

"Words alone" is a logistic regression on which words a sentence has (\`tooling/bag-of-words.mjs\`).${run === undefined ? '' : ` On \`${run.device}\`: ${run.machine.cpu}, ${run.machine.cores} cores, Node ${run.machine.node}.`} All runs:

${textNames.flatMap((name) => [false, true].map((untrained) => `- ${listed(name, untrained)}`)).join('\n')}

From a clone \`pnpm sst2 --text books --data SST-2\` makes the runs that are missing and this page, in some hours.
`;
}

const accuraciesOf = (name, untrained) =>
  sst2Runs
    .filter((run) => run.of === 'sentences' && run.recipe === name && run.untrained === untrained)
    .map(({ end }) => end.valAccuracy);

function row(name) {
  const text = sst2Runs.find((run) => run.of === 'text' && run.recipe === name);
  const cells = [false, true].flatMap((untrained) => {
    const accuracies = accuraciesOf(name, untrained);
    if (accuracies.length === 0) return ['not trained yet', '0'];
    const spread = accuracies.length > 1 ? ` ± ${(100 * standardError(accuracies)).toFixed(1)}` : '';
    return [`${(100 * mean(accuracies)).toFixed(1)}${spread} %`, String(accuracies.length)];
  });
  return `| ${[`\`${name}\``, text?.end.valPerplexity.toFixed(1) ?? '', ...cells].join(' | ')} |`;
}

function listed(name, untrained) {
  const accuracies = accuraciesOf(name, untrained);
  const shown = accuracies.length === 0 ? 'none yet' : accuracies.map(percent).join(', ');
  return `\`${name}\`, ${untrained ? 'from drawn weights' : 'pretrained'}: ${shown}`;
}
