/**
 * What a checkpoint was computed from, as a fingerprint that it carries: its recipe's settings one by one, and the SHA-256 of its data
 * and of what that was made into. Whatever differs when the run is gone on with can be named.
 */
import { settingsOf } from '../named-leaves.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { taskOf } from '../tasks/table.ts';

export interface MadeOf {
  /** Which `batchOrder` it was trained by. */
  readonly order: number;
  /** Setting by its path in the recipe. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** SHA-256 by what it is of. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Counted up when a recipe's batch of some number becomes another one: by a change to what is held out, to the order of an epoch, to masks, to
 * what an image goes through. 1 is what checkpoints had that do not say it.
 */
export const batchOrder = 2;

/** Settings that change no number of a run: what it is called, and where it runs. */
const without: readonly string[] = ['name', 'device'];

/** How data is found changes nothing either: its content counts. */
export function settingsMadeOf(recipe: Recipe): MadeOf['recipe'] {
  const left = [...without, ...taskOf(recipe.task).places.map((place) => `data.${place}`)];
  return Object.fromEntries([...settingsOf(recipe)].filter(([name]) => !left.includes(name)));
}

/** What a checkpoint's state says, if it says anything. */
export function parseMadeOf(value: unknown): MadeOf | undefined {
  const { recipe, data, order = 1 } = (value ?? {}) as Partial<MadeOf>;
  if (!isRecord(recipe) || !isRecord(data) || typeof order !== 'number') return undefined;
  return Object.values(data).every((each) => typeof each === 'string') ? { recipe, data, order } : undefined;
}

const isRecord = <T>(value: T | undefined): value is T => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each difference in a line of its own, with what it is now, so that another one has another line: `recipe.seed was 1, is 2`. */
export function changesSince(before: MadeOf, now: MadeOf, parts: Readonly<Record<string, string>>): readonly string[] {
  const order = `the batches come in another order: it was trained by version ${before.order} of it, and this gmlp has version ${now.order}`;
  return [
    ...settingChanges(before.recipe, now.recipe),
    ...dataChanges(before.data, now.data, parts),
    ...(before.order === now.order ? [] : [order]),
  ];
}

export function settingChanges(before: MadeOf['recipe'], now: MadeOf['recipe']): readonly string[] {
  const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => shown(before[name]) !== shown(now[name]))
    .map((name) => `recipe.${name} was ${shown(before[name])}, is ${shown(now[name])}`);
}

/** Parts of the data that are trained on, and no evaluation reads. */
const trainedOn: readonly string[] = ['source', 'training'];

/** Whether what is measured is another: figures of the one say nothing of the other. The seed draws the masks of held-out text. */
export function measuresOther(before: MadeOf, now: MadeOf): boolean {
  const differ = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): string[] =>
    Object.keys({ ...one, ...other }).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  return (
    before.order !== now.order ||
    differ(before.recipe, now.recipe).some((name) => name === 'seed' || name.startsWith('data.')) ||
    differ(before.data, now.data).some((part) => !trainedOn.includes(part))
  );
}

function dataChanges(before: MadeOf['data'], now: MadeOf['data'], parts: Readonly<Record<string, string>>): readonly string[] {
  const { training, validation } = before;
  if (training !== undefined && training === now['validation'] && validation === now['training'] && training !== validation) {
    return ['the data to train on and the held-out data were exchanged'];
  }
  const shortly = (fingerprint: string | undefined): string =>
    fingerprint === undefined ? 'absent' : `${fingerprint.slice(0, 16)}…`;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((part) => before[part] !== now[part])
    .map((part) => `${parts[part] ?? part} changed: its SHA-256 was ${shortly(before[part])}, is ${shortly(now[part])}`);
}
