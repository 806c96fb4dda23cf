/** The model directory that a run ends in, made from one of its checkpoints; the averaged parameters lie beside the weights. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure, GmlpError } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { listCheckpoints, loadCheckpoint, writeFileAtomically, writeModelDirectory } from '@gmlp/checkpoint/node';
import type { RunPaths } from '../run/run-paths.ts';

export async function writeFinalModel(paths: RunPaths, step: number): Promise<void> {
  const found = (await listCheckpoints(paths.checkpoints)).find((each) => each.step === step);
  if (found === undefined) {
    throw new GmlpError('not-found', `writeFinalModel: the checkpoint of step ${step} is not in ${paths.checkpoints} any more`, {
      step,
    });
  }
  const { config, model, tokenizer, ema } = await loadCheckpoint(found.path);
  const averaged = join(paths.model, 'ema.safetensors');
  // The config, which comes last, says that the directory is whole.
  try {
    await rm(join(paths.model, 'config.json'), { force: true });
    await mkdir(paths.model, { recursive: true });
    if (ema === undefined) await rm(averaged, { force: true });
  } catch (cause) {
    throw fileFailure(paths.model, cause);
  }
  if (ema !== undefined) await writeFileAtomically(averaged, encodeSafetensors(ema, new Map([['format', 'gmlp']])));
  await writeModelDirectory(paths.model, { config, tensors: model, ...(tokenizer !== undefined && { tokenizer }) });
}
