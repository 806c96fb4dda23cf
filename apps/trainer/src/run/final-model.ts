/** The model directory that a run ends in, made from one of its checkpoints; the averaged parameters lie beside the weights. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure, GmlpError } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { listCheckpoints, loadCheckpoint, writeModelDirectory } from '@gmlp/checkpoint/node';
import type { RunPaths } from './run-paths.ts';

const averaged = 'ema.safetensors';

export async function writeFinalModel(paths: RunPaths, step: number): Promise<void> {
  const found = (await listCheckpoints(paths.checkpoints)).find((each) => each.step === step);
  if (found === undefined) {
    throw new GmlpError('not-found', `writeFinalModel: the checkpoint of step ${step} is not in ${paths.checkpoints} any more`, {
      step,
    });
  }
  const loaded = await loadCheckpoint(found.path);
  const { ema } = loaded;
  // An average of an earlier model goes first: no moment has it beside a model that it is not of.
  const path = join(paths.model, averaged);
  if (ema === undefined) {
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw fileFailure(path, cause);
    });
  }
  const beside = new Map(ema === undefined ? [] : [[averaged, encodeSafetensors(ema, new Map([['format', 'gmlp']]))]]);
  await writeModelDirectory(paths.model, { ...loaded, tensors: loaded.model }, { beside });
}

/** Whether a run has ended in a model: it is worth keeping also where the checkpoints that it was made from are gone. */
export async function holdsFinalModel({ model }: RunPaths): Promise<boolean> {
  const names = await readdir(model).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw new GmlpError('io', `holdsFinalModel: ${model}: ${cause.message}`, { model }, { cause });
  });
  return names.some((name) => name.endsWith('.safetensors'));
}
