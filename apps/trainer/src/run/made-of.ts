/**
 * What a checkpoint was computed from, as a fingerprint that it carries: its recipe's settings one by one, and the SHA-256 of its data
 * and of what that was made into. Whatever differs when the run is gone on with can be named.
 */
import { settingsOf } from '../named-leaves.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { taskOf } from '../tasks/table.ts';

export interface MadeOf {
  /** Setting by its path in the recipe. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** SHA-256 by what it is of. */
  readonly data: Readonly<Record<string, string>>;
}

/** Settings that change no number of a run: what it is called, and where it runs. */
const without: readonly string[] = ['name', 'device'];

/** How data is found changes nothing either: its content counts. */
export function settingsMadeOf(recipe: Recipe): MadeOf['recipe'] {
  const left = [...without, ...taskOf(recipe.task).places.map((place) => `data.${place}`)];
  return Object.fromEntries([...settingsOf(recipe)].filter(([name]) => !left.includes(name)));
}

/** What a checkpoint's state says, if it says anything. */
export function parseMadeOf(value: unknown): MadeOf | undefined {
  const { recipe, data } = (value ?? {}) as Partial<MadeOf>;
  const known = isRecord(recipe) && isRecord(data) && Object.values(data as object).every((each) => typeof each === 'string');
  return known ? (value as MadeOf) : undefined;
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each difference in a line of its own, with what it is now, so that another one has another line: `recipe.seed was 1, is 2`. */
export function changesSince(before: MadeOf, now: MadeOf, parts: Readonly<Record<string, string>>): readonly string[] {
  return [...settingChanges(before.recipe, now.recipe), ...dataChanges(before.data, now.data, parts)];
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
