/**
 * A recipe: what is trained, on what, how, and what that is claimed to give. Plain JSON; what may be left out has a default.
 * Recipes come from people: `parseRecipe` names every problem by its path, all at once.
 */
import { GmlpError, pathName } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { deviceNames } from '@gmlp/devices/node';
import { type ConfigProblem, checkConfig } from '@gmlp/models';
import type { OptimiserSettings } from '@gmlp/training';
import * as z from 'zod/mini';
import { type OnBad, onBadChoices } from '../tasks/text/on-bad.ts';
import { plainData } from './plain-data.ts';
import { modelProblems, type RecipeModel, type RecipeTask, recipeTasks } from './recipe-model.ts';

export interface Recipe {
  /** Names the folder of its runs: letters, digits, dots, dashes and underscores. */
  readonly name: string;
  /** What training it gives, with the figure. */
  readonly claim: string;
  /** The command that trains it. */
  readonly command: string;
  /** What the paper prints for it. */
  readonly paper?: {
    /** The number of the table. */
    readonly table: number;
    /** How the table calls the model. */
    readonly row: string;
    /** The perplexity that it prints. */
    readonly perplexity: number;
    /** The figure was written down from memory, and not read again in the paper: do not cite it from here. */
    readonly recalled?: boolean;
  };
  /** What is learned: to fill masks, or, by a causal model, to say which token comes next. */
  readonly task: RecipeTask;
  /** Decides the held-out documents, the initial weights, the order of the batches and the masks. */
  readonly seed: number;
  /** Where to compute; `auto` takes the first that works. */
  readonly device: DeviceName | 'auto';
  /** A variant by name, with or without changes, or a family with all its sizes. */
  readonly model: RecipeModel;
  /** The text. */
  readonly data: RecipeData;
  /** AdamW, its learning rate and what is done to gradients. */
  readonly optimiser: OptimiserSettings;
  /** Updates of the parameters. */
  readonly steps: number;
  /** Sequences in a micro-batch. A step takes `accumulate` of them. */
  readonly batchSize: number;
  /** Micro-batches whose gradients make one step. */
  readonly accumulate: number;
  /** A line of metrics every so many steps. */
  readonly recordEvery: number;
  /** On the held-out text. */
  readonly evaluation: {
    /** In steps. The last step is always evaluated. */
    readonly every: number;
    /** Stop after so many evaluations in a row that improve the loss by no more than `minDelta`; null: never. */
    readonly patience: number | null;
    /** What the loss must fall by to count as better, in nats. */
    readonly minDelta: number;
  };
  /** Saved while it trains. */
  readonly checkpoints: {
    /** In steps. The last step is always saved. */
    readonly every: number;
    /** How many stay, beside the best. */
    readonly keep: number;
  };
}

export interface RecipeData {
  /** The State of the Union addresses, plain text (a file, or a folder with a document a file), or shards of C4. */
  readonly source: 'sotu' | 'text' | 'c4';
  /** Of `text` and `c4`: where it is, from the working directory. */
  readonly path?: string;
  /** What is kept for validation. From 1 on: so many documents; below 1: that part of the text, in passages of about a page. */
  readonly heldOut: number;
  /** What becomes of records that cannot be read: an error for the first (`stop`, which is what happens without it), or left out. */
  readonly onBad?: OnBad;
  /** Pieces of the tokenizer. */
  readonly vocabulary: number;
  /** A tokenizer.json; absent: one is trained on the text. */
  readonly tokenizer?: string;
  /** The part of the tokens that is predicted where the task is masked-language: 0.15 when left out. No other task has it. */
  readonly maskRate?: number;
}

const count = z.int().check(z.positive());
const positive = z.number().check(z.positive());
const notNegative = z.number().check(z.nonnegative());
const fraction = z.number().check(z.nonnegative(), z.lt(1));
const vocabulary = z.int().check(z.positive(), z.maximum(2 ** 24));
const text = z.string().check(z.minLength(1), z.maxLength(1000));

const name = z.string().check(
  z.refine((value) => /^[A-Za-z0-9][\w.-]{0,99}$/.test(value), {
    error: ({ input }) =>
      `expected letters, digits, dots, dashes and underscores, a letter or digit first, 100 at most, got ${JSON.stringify(input)}`,
  }),
);

const data = z
  .strictObject({
    source: z.enum(['sotu', 'text', 'c4']),
    path: z.optional(text),
    heldOut: z.number().check(
      z.positive(),
      z.refine((value) => value < 1 || Number.isInteger(value), {
        error: ({ input }) => `expected a number of documents, or a part of the text between 0 and 1, got ${input}`,
      }),
    ),
    onBad: z.optional(z.enum(onBadChoices)),
    vocabulary,
    tokenizer: z.optional(text),
    maskRate: z.optional(z.number().check(z.positive(), z.maximum(1))),
  })
  .check(
    z.refine(({ source, path }) => source === 'sotu' || path !== undefined, {
      path: ['path'],
      error: ({ input }) => `expected where the text is, as the source is ${(input as RecipeData).source}, got nothing`,
    }),
    z.refine(({ source, path }) => source !== 'sotu' || path === undefined, {
      path: ['path'],
      error: 'the source sotu is a package of its own: leave the path out, or take the source text',
    }),
  );

const optimiser = z.strictObject({
  peakRate: positive,
  warmupSteps: z._default(z.int().check(z.nonnegative()), 0),
  decay: z._default(z.enum(['linear', 'cosine', 'none']), 'linear'),
  weightDecay: z._default(notNegative, 0.01),
  epsilon: z._default(positive, 1e-6),
  betas: z._default(z.tuple([fraction, fraction]), [0.9, 0.999]),
  clipNorm: z._default(z.nullable(positive), null),
  ema: z._default(z.nullable(fraction), null),
});

/** The model is checked by its family's schema, not here. */
export const recipeSchema: z.ZodMiniType<Recipe> = z
  .strictObject({
    name,
    claim: z._default(z.string(), ''),
    command: z._default(z.string(), ''),
    paper: z.optional(z.strictObject({ table: count, row: z.string(), perplexity: positive, recalled: z.optional(z.boolean()) })),
    task: z._default(z.enum(recipeTasks), 'masked-language'),
    seed: z._default(z.int().check(z.nonnegative()), 0),
    device: z._default(z.enum(['auto', ...deviceNames]), 'auto'),
    model: z.looseObject({}),
    data,
    optimiser,
    steps: count,
    batchSize: count,
    accumulate: z._default(count, 1),
    recordEvery: z._default(count, 10),
    evaluation: z.prefault(
      z.strictObject({
        every: z._default(count, 1000),
        patience: z._default(z.nullable(count), null),
        minDelta: z._default(notNegative, 0),
      }),
      {},
    ),
    checkpoints: z.prefault(z.strictObject({ every: z._default(count, 1000), keep: z._default(count, 3) }), {}),
  })
  .check(
    z.refine((recipe) => recipe.optimiser.warmupSteps <= recipe.steps, {
      path: ['optimiser', 'warmupSteps'],
      error: 'expected no more than the steps',
    }),
    z.refine(({ task, data }) => task === 'masked-language' || data.maskRate === undefined, {
      path: ['data', 'maskRate'],
      error: 'the task next-token masks nothing: leave it out; --set data.maskRate=null takes it away',
    }),
  ) as unknown as z.ZodMiniType<Recipe>;

const field = (value: unknown, name: string): unknown => (value as Readonly<Record<string, unknown>> | null)?.[name];

/** The model's own problems, also when the rest of the recipe has some: a number that is none stands in for the paper's. */
function problemsOfModel(recipe: unknown): readonly ConfigProblem[] {
  const model = field(recipe, 'model');
  const pieces = z.safeParse(vocabulary, field(field(recipe, 'data'), 'vocabulary'));
  if (typeof model !== 'object' || model === null || Array.isArray(model)) return []; // the recipe's schema says so
  const task = field(recipe, 'task');
  const known = recipeTasks.find((each) => each === task) ?? 'masked-language';
  return modelProblems(model, pieces.success ? pieces.data : 32_000, known).map(({ path, problem }) => ({
    path: ['model', ...path],
    problem,
  }));
}

/** A default that depends on the task: BERT's. */
function withMaskRate(recipe: Recipe): Recipe {
  if (recipe.task !== 'masked-language') return recipe;
  const { maskRate = 0.15 } = recipe.data;
  return { ...recipe, data: { ...recipe.data, maskRate } };
}

/** A whole recipe from a value of any origin, named by `source` in errors. */
export function parseRecipe(value: unknown, source: string): Recipe {
  const plain = plainData(value, `parseRecipe: ${source}`);
  const checked = checkConfig(recipeSchema, plain);
  const problems = [...(checked.ok ? [] : checked.problems), ...problemsOfModel(plain)];
  if (checked.ok && problems.length === 0) return withMaskRate(checked.config);
  const lines = problems.map(({ path, problem }) => `${pathName(path) || 'the recipe'}: ${problem}`);
  throw new GmlpError('invalid-config', `parseRecipe: ${source} is not a valid recipe\n  ${lines.join('\n  ')}`, {
    source,
    problems,
  });
}
