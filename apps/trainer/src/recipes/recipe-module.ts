/** A recipe as an ES module with comments on what to change: what `gmlp init` writes. */
import type { Recipe } from './recipe.ts';

type Part = keyof Recipe;

/** What a person changes, in the order in which one thinks of it. */
const comments: readonly (readonly [Part, string])[] = [
  ['name', 'Names the folder of its runs: runs/<name>, unless --out says otherwise.'],
  [
    'task',
    '"masked-language" fills masks, "next-token" goes on with a text (its models are causal), "restore" gives case and punctuation back, "image-classification" says what an image shows.',
  ],
  ['model', 'A family with its sizes, or { variant: "gmlp_mlm_18" }, alone or with changes. gmlp models lists the variants.'],
  [
    'data',
    'heldOut: below 1 a part of the data, from 1 on a number of documents or images. vocabulary: pieces of the tokenizer, fewer for a short text.',
  ],
  ['optimiser', 'Too high a peakRate makes the loss jump up; too low a one makes it fall slowly. Larger models want lower ones.'],
  ['steps', 'A step takes batchSize * accumulate sequences or images; gmlp train <this file> --dry-run says how long it takes.'],
  ['batchSize', 'Sequences or images at a time: fewer need less memory.'],
  ['accumulate', 'So many of these micro-batches make one step.'],
  ['evaluation', 'In steps. With patience: 3 a run stops early after three evaluations that were no better.'],
  ['checkpoints', 'In steps: what a run that is broken off goes on from.'],
  ['seed', 'Another seed holds out another part, draws other weights and another order.'],
];

export function recipeModule(recipe: Recipe, command: string): string {
  const part = ([name, comment]: readonly [Part, string]): string => `  // ${comment}\n  ${name}: ${indented(recipe[name])},\n`;
  return `// A recipe of gmlp; train it by\n//   ${command}\nexport const recipe = {\n${comments.map(part).join('')}};\n`;
}

/** As JavaScript is written: names without quotes. */
function indented(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
  return json.replace(/^(\s*)"([A-Za-z]\w*)":/gm, '$1$2:');
}
