/** run.json: what is trained, on which device and machine. Written once, when a run begins. */
import { availableParallelism, cpus, platform } from 'node:os';
import { GmlpError } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import manifest from '../../package.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { readRunJson, writeRunJson } from './run-json.ts';
import { runPaths } from './run-paths.ts';

const [format, version] = ['gmlp-run', 1] as const;

export interface RunFile {
  readonly recipe: Recipe;
  readonly device: DeviceName;
  /** The version of gmlp. */
  readonly package: string;
  /** ISO time. */
  readonly started: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly platform: string };
}

export async function writeRunFile(directory: string, recipe: Recipe, device: DeviceName): Promise<void> {
  const file: RunFile = {
    recipe,
    device,
    package: manifest.version,
    started: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      platform: `${platform()} ${process.arch}`,
    },
  };
  await writeRunJson(runPaths(directory).run, format, version, file);
}

/** `undefined` when the folder holds no run. */
export async function readRunFile(directory: string): Promise<RunFile | undefined> {
  const path = runPaths(directory).run;
  const file = (await readRunJson(path, format, version)) as Partial<RunFile> | undefined;
  if (file === undefined) return undefined;
  const recipe = parseRecipe(file.recipe, path);
  const { device, started, machine } = file;
  if (
    typeof device !== 'string' ||
    typeof file.package !== 'string' ||
    typeof started !== 'string' ||
    typeof machine !== 'object'
  ) {
    throw new GmlpError('invalid-data', `readRunFile: ${path} lacks device, package, started or machine`, { path });
  }
  return { recipe, device, package: file.package, started, machine };
}
