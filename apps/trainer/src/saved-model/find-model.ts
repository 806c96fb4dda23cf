/** Which saved model a path means: a model directory, a checkpoint (which is one too), or a run. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { expectUndamaged, listCheckpoints } from '@gmlp/checkpoint/node';
import { nearestRun } from '../run/nearest-run.ts';

export interface FoundModel {
  /** The model directory. */
  readonly directory: string;
  /** The folder of the run that it belongs to. */
  readonly run?: string;
  /** Newer checkpoints of the run that cannot be loaded, each with its reason. */
  readonly refused: readonly string[];
}

/** Of a run it is the final model, or the newest whole checkpoint while there is none. */
export async function findModel(path: string): Promise<FoundModel> {
  const names = await readdir(path).catch(async (cause: NodeJS.ErrnoException) => {
    const problems: Readonly<Record<string, string>> = { ENOENT: 'does not exist', ENOTDIR: 'is a file' };
    const problem = problems[cause.code ?? ''] ?? `cannot be read: ${cause.message}`;
    const code = cause.code === 'ENOENT' ? 'not-found' : cause.code === 'ENOTDIR' ? 'invalid-argument' : 'io';
    const message = `findModel: expected the folder of a run or a model, but ${path} ${problem}${await nearestRun(path)}`;
    throw new GmlpError(code, message, { path }, { cause });
  });
  if (names.includes('config.json')) {
    const run = runAround(path);
    return { directory: path, ...(run !== undefined && { run }), refused: [] };
  }
  if (!names.includes('run.json')) {
    const found = names.length === 0 ? 'nothing' : names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
    throw new GmlpError(
      'invalid-argument',
      `findModel: expected a model directory or checkpoint (config.json) or a run (run.json), ${path} holds ${found}${await nearestRun(path)}`,
      { path },
    );
  }
  const final = join(path, 'model');
  if (existsSync(join(final, 'config.json'))) return { directory: final, run: path, refused: [] };
  const refused: string[] = [];
  for (const checkpoint of (await listCheckpoints(join(path, 'checkpoints'))).toReversed()) {
    const problem = checkpoint.refused ?? (await damageOf(checkpoint.path));
    if (problem === undefined) return { directory: checkpoint.path, run: path, refused };
    refused.push(problem);
  }
  const why = refused.length > 0 ? `none of its checkpoints is whole:\n  ${refused.join('\n  ')}` : 'it has no checkpoint yet';
  throw new GmlpError('not-found', `findModel: the run ${path} has no model: ${why}`, { path, refused });
}

/** What is wrong with the model's files in a checkpoint. */
async function damageOf(checkpoint: string): Promise<string | undefined> {
  try {
    await expectUndamaged(checkpoint);
    return undefined;
  } catch (error) {
    if (GmlpError.isInstance(error)) return error.message;
    throw error;
  }
}

/** The run whose `model/` or `checkpoints/step-NNNNNN/` a folder is. */
function runAround(directory: string): string | undefined {
  const parent = dirname(resolve(directory));
  if (basename(resolve(directory)) === 'model' && existsSync(join(parent, 'run.json'))) return parent;
  return basename(parent) === 'checkpoints' && existsSync(join(dirname(parent), 'run.json')) ? dirname(parent) : undefined;
}
