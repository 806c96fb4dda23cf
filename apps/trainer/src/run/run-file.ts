/** run.json: what is trained, on which device and machine. Written when a run begins, and again when changes to it are accepted. */
import { availableParallelism, cpus, platform } from 'node:os';
import { GmlpError, listedNames } from '@gmlp/base';
import type { JsonFormat } from '@gmlp/checkpoint';
import { type DeviceName, deviceNames } from '@gmlp/devices/node';
import manifest from '../../package.json' with { type: 'json' };
import { settingsOf } from '../named-leaves.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { readRunJson, writeRunJson } from './run-json.ts';
import { runPaths } from './run-paths.ts';

const format: JsonFormat = { format: 'gmlp-run', version: 1 };

export interface RunFile {
  readonly recipe: Recipe;
  readonly device: DeviceName;
  /** The version of gmlp. */
  readonly package: string;
  /** ISO time. */
  readonly started: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly platform: string };
  /** The time that the run was given instead of steps; absent: it was given steps. */
  readonly budget?: Budget;
  /** What was changed between two sessions and gone on with all the same; absent: nothing. */
  readonly accepted?: readonly AcceptedChanges[];
}

/** As it lies on the disk. */
interface WrittenRunFile extends RunFile {
  /** The names of all settings of the recipe: of one that is gone it is known that it was there. */
  readonly settings: readonly string[];
}

async function write(directory: string, file: RunFile): Promise<void> {
  const written: WrittenRunFile = { ...file, settings: [...settingsOf(file.recipe).keys()] };
  await writeRunJson(runPaths(directory).run, format, written);
}

export interface Budget {
  readonly seconds: number;
  /** Whether the steps of the recipe are those that fit: until then it has those of before. */
  readonly decided: boolean;
}

/** Changes that its user accepted: what the run computes from this step on is no longer what its recipe alone gives. */
export interface AcceptedChanges {
  /** The step that the run went on from. */
  readonly step: number;
  /** ISO time. */
  readonly at: string;
  /** As the refusal named them. */
  readonly changes: readonly string[];
  /** Evaluations measure something else from here on: earlier figures are not compared with later ones. */
  readonly measuresAnew?: true;
}

/** The points, by step, that may be compared with one another: all of them, unless what is measured was changed. */
export function comparable<Point extends readonly [step: number, value: number]>(
  { accepted = [] }: Pick<RunFile, 'accepted'>,
  points: readonly Point[],
): readonly Point[] {
  const from = accepted.findLast(({ measuresAnew }) => measuresAnew === true)?.step ?? 0;
  return points.filter(([step]) => step >= from);
}

/** Begins a run, with so many seconds instead of steps if there is a budget. */
export async function writeRunFile(directory: string, recipe: Recipe, device: DeviceName, budget?: number): Promise<RunFile> {
  const file: RunFile = {
    recipe,
    device,
    ...(budget !== undefined && { budget: { seconds: budget, decided: false } }),
    package: manifest.version,
    started: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      platform: `${platform()} ${process.arch}`,
    },
  };
  await write(directory, file);
  return file;
}

/** Has the steps that fit into the run's budget: a run that is gone on with keeps them. */
export async function decideSteps(
  directory: string,
  file: RunFile & { readonly budget: Budget },
  recipe: Recipe,
): Promise<RunFile> {
  const decided = { ...file, recipe, budget: { ...file.budget, decided: true } };
  await write(directory, decided);
  return decided;
}

/** Goes on with a run as it was changed. */
export async function acceptChanges(directory: string, file: RunFile, recipe: Recipe, accepted: AcceptedChanges): Promise<void> {
  await write(directory, { ...file, recipe, accepted: [...(file.accepted ?? []), accepted] });
}

/** `undefined` when the folder holds no run. */
export async function readRunFile(directory: string): Promise<RunFile | undefined> {
  const path = runPaths(directory).run;
  const file = (await readRunJson(path, format, 'put it back from a copy')) as Partial<WrittenRunFile> | undefined;
  if (file === undefined) return undefined;
  const recipe = parseRecipe(file.recipe, path);
  expectSettings(file.recipe, file.settings, path);
  const { device, started, machine, budget, accepted } = file;
  if (
    typeof device !== 'string' ||
    !deviceNames.includes(device) ||
    typeof file.package !== 'string' ||
    typeof started !== 'string' ||
    !isMachine(machine)
  ) {
    throw new GmlpError('invalid-data', `readRunFile: ${path} lacks device, package, started or machine`, { path });
  }
  if (accepted !== undefined && !(Array.isArray(accepted) && accepted.every(isAccepted))) {
    throw new GmlpError('invalid-data', `readRunFile: ${path} has "accepted" that is no list of { step, at, changes }`, { path });
  }
  if (budget !== undefined && !isBudget(budget)) {
    throw new GmlpError('invalid-data', `readRunFile: ${path} has a "budget" that is not { seconds, decided }`, { path });
  }
  return { recipe, device, package: file.package, started, machine, ...(budget && { budget }), ...(accepted && { accepted }) };
}

/** Of a setting that was taken out nobody knows what the run was begun with: it would silently have its default. */
function expectSettings(recipe: unknown, names: unknown, path: string): void {
  if (names === undefined) return; // an earlier version wrote none
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `readRunFile: ${path} ${problem}`, { path });
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw fail('has "settings" that is no list of names');
  const there = settingsOf(recipe as Recipe); // as it is written: it was parsed, but has no defaults
  const missing = names.filter((name) => !there.has(name));
  if (missing.length > 0)
    throw fail(`lacks settings that it was written with: ${listedNames(missing)} of its recipe; put them back as they were`);
}

function isMachine(value: unknown): value is RunFile['machine'] {
  const { cpu, cores, node, platform: system } = (value ?? {}) as Partial<RunFile['machine']>;
  return [cpu, node, system].every((text) => typeof text === 'string') && typeof cores === 'number';
}

function isBudget(value: unknown): value is Budget {
  const { seconds, decided } = (value ?? {}) as Partial<Budget>;
  return typeof seconds === 'number' && seconds > 0 && typeof decided === 'boolean';
}

function isAccepted(value: unknown): value is AcceptedChanges {
  const { step, at, changes, measuresAnew = true } = (value ?? {}) as Partial<AcceptedChanges>;
  const texts = Array.isArray(changes) && changes.every((change) => typeof change === 'string');
  return Number.isSafeInteger(step) && typeof at === 'string' && texts && measuresAnew === true;
}
