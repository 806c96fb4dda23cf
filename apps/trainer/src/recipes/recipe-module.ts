/** A recipe as the text of a file: an ES module with comments on what to change, or JSON, which can have none. */
import { extname } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { moduleExtensions } from './load-recipe.ts';
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
  ['from', 'A model directory, or a name on the Hub, whose weights the training begins with.'],
  ['data', ''],
  ['optimiser', 'Too high a peakRate makes the loss jump up; too low a one makes it fall slowly. Larger models want lower ones.'],
  ['steps', 'A step takes batchSize * accumulate sequences or images; gmlp train <this file> --dry-run says how long it takes.'],
  ['batchSize', 'Sequences or images at a time: fewer need less memory.'],
  ['accumulate', 'So many of these micro-batches make one step.'],
  ['evaluation', 'In steps. With patience: 3 a run stops early after three evaluations that were no better.'],
  ['checkpoints', 'In steps: what a run that is broken off goes on from.'],
  ['recordEvery', 'So many steps make a line of metrics.jsonl.'],
  ['device', '"auto" takes the best that works; gmlp devices lists them.'],
  ['seed', 'Another seed holds out another part, draws other weights and another order.'],
];

function dataComment({ data }: Recipe): string {
  if ('vocabulary' in data)
    return 'heldOut: below 1 a part of the text, from 1 on so many documents. vocabulary: pieces of the tokenizer, fewer for a short text.';
  return 'heldOut: below 1 a part of the images, from 1 on so many; validation: a place of images of their own instead. What a model sees of an image: crop, flip and what follows.';
}

/** By the end of the name, as it is read again. `command` trains it. */
export function recipeText(recipe: Recipe, path: string, command: string): string {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return `${JSON.stringify(recipe, null, 2)}\n`;
  if (moduleExtensions.includes(extension)) return recipeModule(recipe, command);
  throw new GmlpError('invalid-argument', `${path}: a recipe's file ends in .json or .mjs; choose another --out`, { path });
}

export function recipeModule(recipe: Recipe, command: string): string {
  const part = ([name, comment]: readonly [Part, string]): string =>
    `  // ${comment || dataComment(recipe)}\n  ${name}: ${indented(recipe[name])},\n`;
  const written = comments.filter(([name]) => recipe[name] !== undefined);
  return `// A recipe of gmlp; train it by\n//   ${command}\nexport const recipe = {\n${written.map(part).join('')}};\n`;
}

/** As JavaScript is written: names without quotes. */
function indented(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
  return json.replace(/^(\s*)"([A-Za-z]\w*)":/gm, '$1$2:');
}
