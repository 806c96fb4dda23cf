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
import { type TaskData, type TaskName, taskNames, taskOf } from '../tasks/table.ts';
import { mostPieces } from '../tasks/text/text-data.ts';
import { isFolderName } from './folder-name.ts';
import { notNegative } from './numbers.ts';
import { optimiserNames, optimiserSchemas } from './optimiser-schema.ts';
import { plainData } from './plain-data.ts';
import { modelProblems, type RecipeModel } from './recipe-model.ts';
import { fieldsOf, unwrapped } from './schema-fields.ts';

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
    /** The perplexity that it prints, of a language model. */
    readonly perplexity?: number;
    /** The top-1 accuracy that it prints, in per cent, of an image model. */
    readonly accuracy?: number;
    /** The figure was written down from memory, and not read again in the paper: do not cite it from here. */
    readonly recalled?: boolean;
  };
  /** What is learned: to fill masks; by a causal model, to say which token comes next; by a Transformer, to restore case and punctuation; of images, to say what they show; of texts, which class they are of, or what in them answers a question. */
  readonly task: TaskName;
  /** Decides the held-out documents or images, the initial weights, the order of the batches, and what is drawn for each sample. */
  readonly seed: number;
  /** Where to compute; `auto` takes the first that works. */
  readonly device: DeviceName | 'auto';
  /** A variant by name, with or without changes, or a family with all its sizes. */
  readonly model: RecipeModel;
  /** Of images, classified texts and questions: a saved model (its folder, that of a run, or a name on the Hugging Face Hub), whose weights are begun with in the place of drawn ones, but for the head. */
  readonly from?: string;
  /** What is trained on: each task has its own fields. */
  readonly data: TaskData;
  /** What takes the steps, its learning rate and what is done to gradients: each optimiser has its own fields. */
  readonly optimiser: OptimiserSettings;
  /** Updates of the parameters. */
  readonly steps: number;
  /** Sequences or images in a micro-batch. A step takes `accumulate` of them. */
  readonly batchSize: number;
  /** Micro-batches whose gradients make one step. */
  readonly accumulate: number;
  /** A line of metrics every so many steps. */
  readonly recordEvery: number;
  /** On what is held out. */
  readonly evaluation: {
    /** In steps. The last step is always evaluated. */
    readonly every: number;
    /** Stop after so many evaluations in a row that improve the task's first figure by no more than `minDelta`; null: never. */
    readonly patience: number | null;
    /** What the figure must improve by to count as better: of a loss in nats. */
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

const count = z.int().check(z.positive());
const positive = z.number().check(z.positive());
const name = z.string().check(
  z.refine((value) => /^[A-Za-z0-9][\w.-]{0,99}$/.test(value), {
    error: ({ input }) =>
      `expected letters, digits, dots, dashes and underscores, a letter or digit first, 100 at most, got ${JSON.stringify(input)}`,
    abort: true,
  }),
  z.refine((value) => isFolderName(value), {
    error: ({ input }) => `names the folder of its runs, and Windows has no folder called ${JSON.stringify(input)}; take another`,
  }),
);

/** The model is checked by its family's schema, the data by its task's, the optimiser by its own. */
export const recipeSchema: z.ZodMiniType<Recipe> = z
  .strictObject({
    name,
    claim: z._default(z.string(), ''),
    command: z._default(z.string(), ''),
    paper: z.optional(
      z.strictObject({
        table: count,
        row: z.string(),
        perplexity: z.optional(positive),
        accuracy: z.optional(positive),
        recalled: z.optional(z.boolean()),
      }),
    ),
    task: z._default(z.enum(taskNames), 'masked-language'),
    seed: z._default(z.int().check(z.nonnegative()), 0),
    device: z._default(z.enum(['auto', ...deviceNames]), 'auto'),
    model: z.looseObject({}),
    from: z.optional(z.string().check(z.minLength(1), z.maxLength(4000))),
    data: z.looseObject({}),
    optimiser: z.looseObject({}),
    steps: count,
    batchSize: z.int().check(z.positive(), z.maximum(2 ** 20)),
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
    z.refine(({ optimiser, steps }) => !(Number(field(optimiser, 'warmupSteps')) > steps && steps > 0), {
      path: ['optimiser', 'warmupSteps'],
      error: ({ input }) => tooLongWarmup(input as Recipe),
    }),
    z.refine(({ from, task }) => from === undefined || taskOf(task).beginsWith !== undefined, {
      path: ['from'],
      error: ({ input }) =>
        `the task ${(input as Recipe).task} makes a tokenizer of its own, which weights from elsewhere do not know; ${takenAway('from')}`,
    }),
  ) as unknown as z.ZodMiniType<Recipe>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Who shortens a recipe meets this first: the steps are what they wanted, the warm-up is what has to follow. */
const tooLongWarmup = ({ optimiser: { warmupSteps }, steps }: Recipe): string =>
  `expected no more than the ${steps} steps, got ${warmupSteps}; --set optimiser.warmupSteps=${Math.ceil(steps / 10)} is a tenth of them`;

const field = (value: unknown, name: string): unknown => (value as Readonly<Record<string, unknown>> | null)?.[name];

interface Parts {
  readonly problems: readonly ConfigProblem[];
  /** Whole, where they are none of the problems. */
  readonly data?: TaskData;
  readonly optimiser?: OptimiserSettings;
}

/** What is wrong with data, model and optimiser, also when the rest of the recipe has problems of its own. */
function checkParts(recipe: unknown): Parts {
  const [asked, data, model, optimiser] = ['task', 'data', 'model', 'optimiser'].map((name) => field(recipe, name));
  const updating = checkOptimiser(optimiser);
  const name = taskNames.find((each) => each === (asked ?? 'masked-language'));
  if (name === undefined) return updating; // the recipe's schema says so
  const task = taskOf(name);
  const checked = isObject(data) ? checkConfig(task.data, data) : undefined;
  const ofData = checked === undefined || checked.ok ? [] : checked.problems.map((problem) => ofAnotherTask(problem, name));
  const decided = checked?.ok ? task.config(checked.config) : decidedAnyway(data, name);
  const ofModel = isObject(model) ? modelProblems(model, decided, name) : [];
  return {
    ...updating,
    problems: [...under('data', ofData), ...under('model', ofModel), ...updating.problems],
    ...(checked?.ok && { data: checked.config as TaskData }),
  };
}

/** By the schema of the one that it names. */
function checkOptimiser(optimiser: unknown): Parts {
  if (!isObject(optimiser)) return { problems: [] }; // the recipe's schema says so
  const asked = field(optimiser, 'name') ?? 'adamw';
  const name = optimiserNames.find((each) => each === asked);
  if (name === undefined) {
    const problem = `expected one of ${optimiserNames.join(', ')}, got ${JSON.stringify(asked)}`;
    return { problems: under('optimiser', [{ path: ['name'], problem }]) };
  }
  const checked = checkConfig(optimiserSchemas[name] as z.ZodMiniType<OptimiserSettings>, optimiser);
  if (checked.ok) return { problems: [], optimiser: checked.config };
  const others = optimiserNames.filter((each) => each !== name);
  const problems = checked.problems.map(({ path, problem }) => {
    const setting = String(path[0]);
    const of = others.find((each) => Object.hasOwn(fieldsOf(optimiserSchemas[each]), setting));
    const elsewhere = path.length === 1 && problem.startsWith('unknown') && of !== undefined;
    return { path, problem: elsewhere ? `${name} has none, ${of} has: ${takenAway(`optimiser.${setting}`)}` : problem };
  });
  return { problems: under('optimiser', problems) };
}

const takenAway = (setting: string): string => `leave it out; --set ${setting}=null takes it away`;

const under = (part: string, problems: readonly ConfigProblem[]): ConfigProblem[] =>
  problems.map(({ path, problem }) => ({ path: [part, ...path], problem }));

/** A setting that another task has belongs there; a recipe whose task was changed may hold one. */
function ofAnotherTask(problem: ConfigProblem, name: TaskName): ConfigProblem {
  const [setting] = problem.path;
  if (problem.path.length !== 1 || !problem.problem.startsWith('unknown')) return problem;
  const other = taskNames.find((each) => each !== name && Object.hasOwn(fieldsOf(taskOf(each).data), String(setting)));
  if (other === undefined) return problem;
  return { ...problem, problem: `the task ${name} has none, ${other} has: ${takenAway(`data.${String(setting)}`)}` };
}

/** Data that is wrong decides nothing of the model but that it has a vocabulary, or classes, where the task says so. */
function decidedAnyway(data: unknown, name: TaskName): Readonly<Record<string, unknown>> {
  const fields = fieldsOf(taskOf(name).data);
  // A list of classes is their number.
  if (fields['classes'] !== undefined && unwrapped(fields['classes'])._zod.def.type === 'array') return { classes: 2 };
  if (!Object.hasOwn(fields, 'vocabulary')) return {};
  const pieces = z.safeParse(z.int().check(z.positive(), z.maximum(mostPieces)), field(data, 'vocabulary'));
  return { vocabulary: pieces.success ? pieces.data : 32_000 };
}

/** A whole recipe from a value of any origin, named by `source` in errors. */
export function parseRecipe(value: unknown, source: string): Recipe {
  const plain = plainData(value, `parseRecipe: ${source}`);
  const checked = checkConfig(recipeSchema, plain);
  const parts = checkParts(plain);
  const problems = [...(checked.ok ? [] : checked.problems), ...parts.problems];
  if (checked.ok && problems.length === 0) return { ...checked.config, data: parts.data!, optimiser: parts.optimiser! };
  const lines = problems.map(({ path, problem }) => `${pathName(path) || 'the recipe'}: ${problem}`);
  throw new GmlpError('invalid-config', `parseRecipe: ${source} is not a valid recipe\n  ${lines.join('\n  ')}`, {
    source,
    problems,
  });
}
