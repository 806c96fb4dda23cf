/** The model of a recipe: a variant by name, with or without changes, or a whole config. What the data decides of it comes from there. */
import { nearestName } from '@gmlp/base';
import {
  type ConfigProblem,
  checkConfig,
  type FamilyName,
  families,
  familyOf,
  type ModelConfig,
  type ModelOptions,
  type OptionsOf,
  type Variant,
  variants,
} from '@gmlp/models';
import * as z from 'zod/mini';
import { fits, type TaskName, taskNames, taskOf } from '../tasks/table.ts';

/** What the data of some task decides. */
type Decided = 'vocabulary' | 'classes';

type Whole = { [F in FamilyName]: Omit<OptionsOf<F>, Decided> }[FamilyName];
type Changes = { [F in FamilyName]: Partial<Omit<OptionsOf<F>, Decided | 'family'>> }[FamilyName];

export type RecipeModel = Whole | ({ readonly variant: string } & Changes);

const allVariants: readonly Variant[] = variants;

/** The families that some task trains, with the schemas of their configs. */
export const trainedSchemas: ReadonlyMap<FamilyName, z.ZodMiniType> = new Map(
  taskNames.flatMap((name) => taskOf(name).families.map((family) => [family, families[family].schema as z.ZodMiniType])),
);

/** Checked once, as every recipe that is parsed asks. */
const wholeConfigs: ReadonlyMap<string, ModelConfig> = new Map(
  allVariants.map(({ name, config }) => [name, z.parse(families[config.family].schema as z.ZodMiniType<ModelConfig>, config)]),
);

/** The variants that a task can train. */
export const variantsFor = (task: TaskName): readonly Variant[] =>
  allVariants.filter(({ name }) => fits(taskOf(task), wholeConfigs.get(name)!));

/** The config that `createModel` takes, from a model that has passed `modelProblems` and what the data decides (`Task.config`). */
export function modelOptions(model: RecipeModel, decided: Readonly<Record<string, unknown>>): ModelOptions {
  if (!('variant' in model)) return { ...model, ...decided } as ModelOptions;
  const { variant, head, ...changes } = model as { readonly variant: string; readonly head?: unknown };
  const { config } = allVariants.find(({ name }) => name === variant)!;
  const { head: ofVariant } = config as { readonly head?: object };
  const whole = head === undefined ? ofVariant : typeof head === 'object' ? { ...ofVariant, ...head } : head;
  // Whether the changes fit the family, its schema says.
  return { ...config, ...changes, ...(whole !== undefined && { head: whole }), ...decided } as ModelOptions;
}

/** All that is wrong with the model of a recipe. Paths begin in the model. */
export function modelProblems(
  model: object,
  decided: Readonly<Record<string, unknown>>,
  name: TaskName,
): readonly ConfigProblem[] {
  const task = taskOf(name);
  const { variant, family } = model as { readonly variant?: unknown; readonly family?: unknown };
  const at = (place: string, problem: string): readonly ConfigProblem[] => [{ path: place === '' ? [] : [place], problem }];
  const names: readonly string[] = variantsFor(name).map((each) => each.name);
  const fitting: readonly string[] = task.families;
  const ofData = Object.keys(decided).find((each) => Object.hasOwn(model, each));
  if (ofData !== undefined) return at(ofData, `unknown; a recipe has it as data.${ofData}`);
  if (variant !== undefined && family !== undefined) return at('family', 'unknown beside a variant, which has its family');
  if (variant !== undefined) {
    if (!names.includes(variant as string)) return at('variant', unfitVariant(variant, name, names));
  } else if (family === undefined) {
    return at('', `expected a variant (one of ${names.join(', ')}) or a family (${fitting.join(', ')}), got neither`);
  } else if (!fitting.includes(family as string)) {
    return at('family', `the task ${name} trains ${fitting.join(', ')}, got ${JSON.stringify(family)}`);
  }
  const options = modelOptions(model as RecipeModel, decided);
  const checked = checkConfig(families[options.family].schema as z.ZodMiniType<ModelConfig>, options);
  if (!checked.ok) return checked.problems;
  const { tokens } = familyOf(checked.config).facts(checked.config);
  if (tokens === 1) return at('tokens', 'expected at least 2, as a token of its own begins a sequence, got 1');
  if (fits(task, checked.config)) return [];
  const other = taskNames.find((each) => fits(taskOf(each), checked.config));
  const elsewhere = other === undefined ? '' : `, which the task ${other} trains`;
  return at('causal', `the task ${name} needs ${task.causal}, got ${!task.causal}${elsewhere}`);
}

function unfitVariant(variant: unknown, name: TaskName, names: readonly string[]): string {
  const known = allVariants.find((each) => each.name === variant);
  const expected = names.length === 0 ? 'there is none' : names.join(', ');
  if (known) {
    const { families: fitting, causal: needed } = taskOf(name);
    const config = wholeConfigs.get(known.name)!;
    const sort = `${familyOf(config).facts(config).causal ? 'causal ' : ''}${config.family}`;
    return `${known.name} is a ${sort}; the task ${name} trains ${needed ? 'causal ' : ''}${fitting.join(', ')}: ${expected}`;
  }
  const nearest = typeof variant === 'string' ? nearestName(variant, names) : undefined;
  const advice = nearest ? `; did you mean "${nearest}"?` : '';
  return `expected one of ${expected}, got ${JSON.stringify(variant)}${advice}`;
}
