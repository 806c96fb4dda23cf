/** The model directory that a run ends in, made from one of its checkpoints; the averaged parameters lie beside the weights. */
import { rm } from 'node:fs/promises';
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
