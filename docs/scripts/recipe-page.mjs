/**
 * The page of a recipe's fields: names, values and defaults from the schema that checks recipes, what each is from the comments
 * of its type. A field that no comment explains is an error. Below stand the recipes that come with gmlp.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import * as z from 'zod/mini';
import { fineTuned } from '../../apps/trainer/src/commands/finetune.ts';
import { builtInRecipes } from '../../apps/trainer/src/recipes/built-in.ts';
import { fineTuningRecipes } from '../../apps/trainer/src/recipes/fine-tuning-recipes.ts';
import { optimiserSchemas } from '../../apps/trainer/src/recipes/optimiser-schema.ts';
import { recipeSchema } from '../../apps/trainer/src/recipes/recipe.ts';
import { trainedSchemas, variantsFor } from '../../apps/trainer/src/recipes/recipe-model.ts';
import { taskNames, taskOf } from '../../apps/trainer/src/tasks/table.ts';
import { cell } from './table-cell.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function writeRecipePage() {
  mkdirSync(new URL('../reference', import.meta.url), { recursive: true });
  writeFileSync(new URL('../reference/recipe.md', import.meta.url), recipePage());
}

/** The type whose comments tell what the fields of a task's data, or of a family's config, are. */
const dataTypes = {
  'masked-language': ['apps/trainer/src/tasks/masked-language.ts', 'MaskedLanguageData'],
  'next-token': ['apps/trainer/src/tasks/text/text-data.ts', 'TextData'],
  restore: ['apps/trainer/src/tasks/restore.ts', 'RestoreData'],
  'image-classification': ['apps/trainer/src/tasks/images/image-data.ts', 'ImageData'],
  'text-classification': ['apps/trainer/src/tasks/classification/classification-data.ts', 'ClassificationData'],
  'question-answering': ['apps/trainer/src/tasks/answering/answering-data.ts', 'AnsweringData'],
};
const configTypes = {
  'gmlp-language': ['packages/models/src/gmlp-language.ts', 'GmlpLanguageOptions'],
  bert: ['packages/models/src/bert.ts', 'BertOptions'],
  'mixer-language': ['packages/models/src/mixer-language.ts', 'MixerLanguageOptions'],
  transformer: ['packages/models/src/transformer.ts', 'TransformerOptions'],
  'gmlp-vision': ['packages/models/src/gmlp-vision.ts', 'GmlpVisionOptions'],
  vit: ['packages/models/src/vit.ts', 'VitOptions'],
  'mixer-vision': ['packages/models/src/mixer-vision.ts', 'MixerVisionOptions'],
  resmlp: ['packages/models/src/resmlp.ts', 'ResmlpOptions'],
  'sequence-classification': ['packages/models/src/sequence-classification.ts', 'SequenceClassificationOptions'],
  'extractive-span': ['packages/models/src/extractive-span.ts', 'ExtractiveSpanOptions'],
};

const optimiserTypes = {
  adamw: ['packages/training/src/optimiser-settings.ts', 'AdamWSettings'],
  lion: ['packages/training/src/optimiser-settings.ts', 'LionSettings'],
  sgd: ['packages/training/src/optimiser-settings.ts', 'SgdSettings'],
};

/** The name of such a type: a new row of a table of the product needs one here. */
function typeIn(table, name) {
  if (table[name] === undefined)
    throw new Error(
      `docs/scripts/recipe-page.mjs: expected the type of "${name}" beside those of ${Object.keys(table).join(', ')}`,
    );
  return table[name][1];
}

function recipePage() {
  const types = [dataTypes, configTypes, optimiserTypes].flatMap((each) => Object.values(each));
  const told = commentsOf([['apps/trainer/src/recipes/recipe.ts', 'Recipe'], ...types]);
  const silent = [];
  const toldFields = (given, comments, left = () => false) => {
    const fields = fieldsOf(schema(given)).filter(({ path }) => !left(path));
    const all = fields.map((field) => ({ ...field, told: comments.get(field.path) }));
    silent.push(...all.filter((field) => !field.told).map(({ path }) => path));
    return all;
  };
  const fields = toldFields(recipeSchema, told.Recipe);
  const data = taskNames.map((task) => [task, toldFields(taskOf(task).data, told[typeIn(dataTypes, task)])]);
  const optimisers = Object.entries(optimiserSchemas).map(([name, of]) => [
    name,
    toldFields(of, told[typeIn(optimiserTypes, name)]),
  ]);
  // The data decides the vocabulary, and of images and texts the classes.
  const ofData = (path) => path === 'vocabulary' || path === 'classes' || path === 'head.classes';
  const models = [...trainedSchemas].map(([family, familySchema]) => [
    family,
    toldFields(familySchema, told[typeIn(configTypes, family)], ofData),
  ]);
  if (silent.length > 0) throw new Error(`no comment of its type says what a recipe's ${silent.join(', ')} is`);
  const variants = (task) => {
    const names = variantsFor(task).map(({ name }) => `\`${name}\``);
    return names.length > 0 ? names.join(', ') : 'none yet: give the family with all its sizes';
  };
  const sections = (parts) => parts.map(([name, of]) => `### ${name}\n\n${table(of)}\n`).join('\n');
  return `# Fields of a recipe

A recipe is JSON, or an ES module that exports \`recipe\` ([train on your text](../how-to/train-on-your-text.md)). \`gmlp recipes sotu\` prints a whole
one, \`--set optimiser.peakRate=0.002\` changes a field of one. What has no default has to be there, unless it may be absent. A
name that is not in these tables is refused.

${table(fields)}

"null" is a value: it turns a thing off, where the table says so. With \`--set\`, null takes away a field that may be absent.

## The optimiser

The one that \`name\` says, each with its own fields. \`--set optimiser.name=lion\` keeps what all of them have and takes the defaults of Lion for the
rest.

${sections(optimisers)}

## The data

Each task has its own fields.

${sections(data)}

## The model

Either a variant by its name, alone or beside fields that differ from it:

\`\`\`json
{ "model": { "variant": "amlp_base", "layers": 12 } }
\`\`\`

${taskNames.map((task) => `- for the task ${task}: ${variants(task)}`).join('\n')}

or a family with all that has no default. The vocabulary, or the number of classes, is that of the data.

${sections(models)}

## Those that come with gmlp

What \`gmlp recipes\` lists. A figure of the paper marked (recalled) was written down from memory, and not read again.

| recipe | steps | batch | rate | the paper's figure |
|---|---|---|---|---|
${[...builtInRecipes.values()].map(builtIn).join('\n')}

\`gmlp finetune\` trains a model that is there by table 9 of the paper:

| task | tokens | batches | rates | length |
|---|---|---|---|---|
${Object.values(fineTuningRecipes).filter(isFineTuned).map(fineTuning).join('\n')}
`;
}

function builtIn({ name, steps, batchSize, accumulate, optimiser: { peakRate }, paper }) {
  const figure =
    paper && (paper.perplexity === undefined ? `top-1 accuracy ${paper.accuracy} %` : `perplexity ${paper.perplexity}`);
  const told = paper ? `${figure}${paper.recalled ? ' (recalled)' : ''}, table ${paper.table}, ${paper.row}` : '';
  return `| \`${name}\` | ${steps.toLocaleString('en')} | ${(batchSize * accumulate).toLocaleString('en')} | ${peakRate} | ${cell(told)} |`;
}

/** Whether the command knows the task. */
const isFineTuned = ({ name }) => fineTuned.some((each) => each === name);

function fineTuning({ name, tokens, grid, length }) {
  const long = 'epochs' in length ? `${length.epochs} epochs` : `${length.steps.toLocaleString('en')} steps`;
  return `| \`${name}\` | ${tokens} | ${grid.batches.join(', ')} | ${grid.rates.join(', ')} | ${long} |`;
}

const schema = (given) => z.toJSONSchema(given, { io: 'input', unrepresentable: 'any' });

/** The fields of an object's JSON Schema, those of objects in it behind them: path, values, default or absence. */
function fieldsOf({ properties, required = [] }, above = '') {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${above}${name}`;
    const own = { path, values: valuesOf(field), ...(required.includes(name) ? { needed: true } : { value: field.default }) };
    const inner = field.type === 'object' && Object.keys(field.properties).length > 0;
    return inner ? [own, ...fieldsOf(field, `${path}.`)] : [own];
  });
}

function valuesOf({ type, enum: names, const: only, anyOf, oneOf = anyOf, prefixItems, items, ...bounds }) {
  if (only !== undefined) return `"${only}"`;
  if (names) return names.map((name) => `"${name}"`).join(', ');
  if (oneOf) return [...new Set(oneOf.map(valuesOf))].join(' or ');
  if (prefixItems) return `list of ${prefixItems.length}: ${valuesOf(prefixItems[0])}`;
  if (items) return `list of ${valuesOf(items)}`;
  const kind = {
    integer: 'whole number',
    number: 'number',
    string: 'text',
    boolean: 'true or false',
    null: 'null',
    object: 'object',
  }[type];
  return [kind, ...boundsOf(bounds)].join(', ');
}

function* boundsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }) {
  if (minimum !== undefined) yield `at least ${minimum}`;
  if (exclusiveMinimum !== undefined) yield `above ${exclusiveMinimum}`;
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) yield `at most ${maximum}`;
  if (exclusiveMaximum !== undefined) yield `below ${exclusiveMaximum}`;
}

function table(fields) {
  const absence = ({ needed, value, values }) => {
    if (needed) return 'needed';
    if (value === undefined) return 'may be absent';
    return values === 'object' ? 'what is below' : `\`${JSON.stringify(value)}\``;
  };
  const rows = fields.map((field) => `| \`${field.path}\` | ${cell(field.told)} | ${cell(field.values)} | ${absence(field)} |`);
  return `| field | what it is | values | default |\n|---|---|---|---|\n${rows.join('\n')}`;
}

/** Of each type, named by the file that declares it: the comments of its properties by their paths. */
function commentsOf(types) {
  const base = ts.parseConfigFileTextToJson('tsconfig.base.json', readFileSync(`${root}tsconfig.base.json`, 'utf8')).config;
  const { options } = ts.convertCompilerOptionsFromJson(base.compilerOptions, root);
  const program = ts.createProgram(
    types.map(([file]) => `${root}${file}`),
    options,
  );
  const checker = program.getTypeChecker();
  const of = ([file, name]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(`${root}${file}`));
    const type = checker.getDeclaredTypeOfSymbol(checker.getExportsOfModule(module).find((symbol) => symbol.name === name));
    return [name, new Map(commentsBelow(checker, type, ''))];
  };
  return Object.fromEntries(types.map(of));
}

function* commentsBelow(checker, type, above) {
  for (const property of checker.getPropertiesOfType(type)) {
    const path = `${above}${property.name}`;
    const comment = ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll('\n', ' ');
    yield [path, comment];
    const inner = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (path !== 'model' && inner.isClassOrInterface?.()) yield* commentsBelow(checker, inner, `${path}.`);
    else if (inner.flags & ts.TypeFlags.Object && !checker.isArrayLikeType(inner))
      yield* commentsBelow(checker, inner, `${path}.`);
  }
}
