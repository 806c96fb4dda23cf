/** The model of a recipe: a variant by name, with or without changes, or a whole config. The vocabulary is that of the data. */
import { nearestName } from '@gmlp/base';
import {
  bertSchema,
  type ConfigProblem,
  checkConfig,
  gmlpLanguageSchema,
  mixerLanguageSchema,
  type OptionsOf,
  type Variant,
  variants,
  variantsOf,
} from '@gmlp/models';
import type * as z from 'zod/mini';

/** The families that read text and score the pieces of a vocabulary, with the schemas of their configs. */
export const languageSchemas = {
  'gmlp-language': gmlpLanguageSchema,
  bert: bertSchema,
  'mixer-language': mixerLanguageSchema,
} satisfies Record<string, z.ZodMiniType>;

export type LanguageFamily = keyof typeof languageSchemas;
export type LanguageModelOptions = OptionsOf<LanguageFamily>;

type WithoutVocabulary = { [F in LanguageFamily]: Omit<OptionsOf<F>, 'vocabulary'> }[LanguageFamily];
type Changes = { [F in LanguageFamily]: Partial<Omit<OptionsOf<F>, 'vocabulary' | 'family'>> }[LanguageFamily];

export type RecipeModel = WithoutVocabulary | ({ readonly variant: string } & Changes);

/** What a recipe trains: a model that fills masks, or a causal one that says which token comes next. */
export type RecipeTask = 'masked-language' | 'next-token';

export const recipeTasks: readonly [RecipeTask, RecipeTask] = ['masked-language', 'next-token'];

/** The model families that a task can train. */
const families: Readonly<Record<RecipeTask, readonly LanguageFamily[]>> = {
  'masked-language': ['gmlp-language', 'bert', 'mixer-language'],
  'next-token': ['gmlp-language'],
};

/** Whether a task's models see no later token: one that fills masks looks both ways. */
const causal: Readonly<Record<RecipeTask, boolean>> = { 'masked-language': false, 'next-token': true };

const isCausal = (config: object): boolean => (config as { readonly causal?: unknown }).causal === true;

/** The names of the model families that a task can train. */
export const familiesFor = (task: RecipeTask): readonly LanguageFamily[] => families[task];

/** All variants of these families. */
export const languageVariants: readonly Variant<LanguageFamily>[] = [
  ...variantsOf('gmlp-language'),
  ...variantsOf('bert'),
  ...variantsOf('mixer-language'),
];

/** The variants that a task can train. */
export function variantsFor(task: RecipeTask): readonly Variant<LanguageFamily>[] {
  return languageVariants.filter(({ config }) => families[task].includes(config.family) && isCausal(config) === causal[task]);
}

/** The config that `createModel` takes, from a model that has passed `modelProblems`. */
export function modelOptions(model: RecipeModel, vocabulary: number): LanguageModelOptions {
  if (!('variant' in model)) return { ...model, vocabulary } as LanguageModelOptions;
  const { variant, head, ...changes } = model;
  const { config } = languageVariants.find(({ name }) => name === variant)!;
  return {
    ...config,
    ...changes,
    head: typeof head === 'object' ? { ...config.head, ...head } : (head ?? config.head),
    vocabulary,
  } as LanguageModelOptions; // whether the changes fit the family, its schema says
}

/** All that is wrong with the model of a recipe. Paths begin in the model. */
export function modelProblems(model: object, vocabulary: number, task: RecipeTask): readonly ConfigProblem[] {
  const { variant, family } = model as { readonly variant?: unknown; readonly family?: unknown };
  const at = (name: string, problem: string): readonly ConfigProblem[] => [{ path: name === '' ? [] : [name], problem }];
  const names: readonly string[] = variantsFor(task).map(({ name }) => name);
  const fitting: readonly string[] = familiesFor(task);
  if (Object.hasOwn(model, 'vocabulary')) return at('vocabulary', 'unknown; a recipe has it as data.vocabulary');
  if (variant !== undefined && family !== undefined) return at('family', 'unknown beside a variant, which has its family');
  if (variant !== undefined) {
    if (!names.includes(variant as string)) return at('variant', unfitVariant(variant, task, names, fitting));
  } else if (family === undefined) {
    return at('', `expected a variant (one of ${names.join(', ')}) or a family (${fitting.join(', ')}), got neither`);
  } else if (!fitting.includes(family as string)) {
    return at('family', `the task ${task} trains ${fitting.join(', ')}, got ${JSON.stringify(family)}`);
  }
  const options = modelOptions(model as RecipeModel, vocabulary);
  const checked = checkConfig(languageSchemas[options.family] as z.ZodMiniType, options);
  if (!checked.ok) return checked.problems;
  if (isCausal(options) === causal[task]) return [];
  const other = recipeTasks.find((each) => each !== task)!;
  return at('causal', `the task ${task} needs ${causal[task]}, got ${!causal[task]}, which the task ${other} trains`);
}

function unfitVariant(variant: unknown, task: RecipeTask, names: readonly string[], fitting: readonly string[]): string {
  const known = variants.find(({ name }) => name === variant);
  if (known) {
    const sort = `${isCausal(known.config) ? 'causal ' : ''}${known.config.family}`;
    const trained = `${causal[task] ? 'causal ' : ''}${fitting.join(', ')}`;
    return `${known.name} is a ${sort}; the task ${task} trains ${trained}: ${names.join(', ')}`;
  }
  const nearest = typeof variant === 'string' ? nearestName(variant, names) : undefined;
  const advice = nearest ? `; did you mean "${nearest}"?` : '';
  return `expected one of ${names.join(', ')}, got ${JSON.stringify(variant)}${advice}`;
}
