/**
 * What a checkpoint was computed from, as a fingerprint that it carries: its recipe's settings one by one, and the SHA-256 of its text
 * and of what that was made into. Whatever differs when the run is gone on with can be named.
 */

import { settingsOf } from '../named-leaves.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { TextFingerprints } from '../tasks/text/text-mark.ts';

export interface MadeOf {
  /** Setting by its path in the recipe. */
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly text: TextFingerprints;
}

const parts = {
  source: 'the documents',
  tokenizer: 'the tokenizer (tokenizer.json)',
  training: 'the text to train on (training.packed)',
  validation: 'the held-out text (validation.packed)',
} satisfies Record<keyof TextFingerprints, string>;
const partNames = Object.keys(parts) as (keyof TextFingerprints)[];

/** Settings that change no number of a run: what it is called, where it runs, and how its text is found, whose content counts. */
const without: readonly string[] = ['name', 'device', 'data.path', 'data.tokenizer', 'data.onBad'];

export function settingsMadeOf(recipe: Recipe): MadeOf['recipe'] {
  return Object.fromEntries([...settingsOf(recipe)].filter(([name]) => !without.includes(name)));
}

/** What a checkpoint's state says, if it says anything. */
export function parseMadeOf(value: unknown): MadeOf | undefined {
  const { recipe, text } = (value ?? {}) as Partial<MadeOf>;
  const known = typeof recipe === 'object' && recipe !== null && partNames.every((part) => typeof text?.[part] === 'string');
  return known ? (value as MadeOf) : undefined;
}

/** Each difference in a line of its own, with what it is now, so that another one has another line: `recipe.seed was 1, is 2`. */
export function changesSince(before: MadeOf, now: MadeOf): readonly string[] {
  return [...settingChanges(before.recipe, now.recipe), ...textChanges(before.text, now.text)];
}

export function settingChanges(before: MadeOf['recipe'], now: MadeOf['recipe']): readonly string[] {
  const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => shown(before[name]) !== shown(now[name]))
    .map((name) => `recipe.${name} was ${shown(before[name])}, is ${shown(now[name])}`);
}

function textChanges(before: TextFingerprints, now: TextFingerprints): readonly string[] {
  if (before.training === now.validation && before.validation === now.training && before.training !== now.training) {
    return ['the text to train on and the held-out text were exchanged'];
  }
  const shortly = (fingerprint: string): string => `${fingerprint.slice(0, 16)}…`;
  return partNames
    .filter((part) => before[part] !== now[part])
    .map((part) => `${parts[part]} changed: its SHA-256 was ${shortly(before[part])}, is ${shortly(now[part])}`);
}
