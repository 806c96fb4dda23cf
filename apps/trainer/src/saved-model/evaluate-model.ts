/** The figures of a saved model by the task that trains such models: on the held-out data of its run, or on one's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { alone, type Figures, type HostBatch } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { heldOutData } from '../run/held-out-data.ts';
import { figuresWithFollowing } from '../run/metrics-records.ts';
import { readRunFile } from '../run/run-file.ts';
import { type TaskName, taskFor, taskOf } from '../tasks/table.ts';
import type { MeasuredData, Predictions } from '../tasks/task.ts';
import type { LeftOut } from '../tasks/text/left-out.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import type { LoadedModel } from './load-model.ts';

export interface ModelFigures {
  readonly task: TaskName;
  readonly figures: Figures;
  /** How many there were of what the task counts: tokens that were asked for. */
  readonly count: number;
}

export interface EvaluateModelOptions {
  /** The run that the model belongs to: its held-out data is taken unless there is `data`. */
  readonly run?: string | undefined;
  /** A file or a folder of text, a shard of C4 or a folder of shards; of images a folder of class folders, or a tar of one. */
  readonly data?: string | undefined;
  /** What becomes of records of `data` that cannot be read; `stop` by default. */
  readonly onBad?: OnBad | undefined;
  readonly onLeftOut?: (leftOut: LeftOut) => void;
  /** Test-time flip: measure the mean of what is said of a sample and of its mirror image. */
  readonly flip?: boolean | undefined;
  /** Hears what the model says of each sample, by its id. */
  readonly onPredictions?: ((predictions: Predictions) => void) | undefined;
  readonly progress: ProgressLine;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onBatch: (done: number, all: number) => void;
}

export async function evaluateModel(
  device: Device,
  { model, params: values, modelFiles }: LoadedModel,
  options: EvaluateModelOptions,
): Promise<ModelFigures> {
  const { signal, onBatch, flip = false, onPredictions } = options;
  const { name, settings, data } = await dataOf({ model, modelFiles }, options);
  try {
    const task = taskOf(name);
    const missing = task.modelFiles.find((each) => !modelFiles.has(each));
    if (missing !== undefined) {
      throw new GmlpError(
        'invalid-data',
        `evaluateModel: the model has no ${missing} beside its weights; such a model is saved with one`,
      );
    }
    if (onPredictions !== undefined && task.predicting === undefined)
      throw new GmlpError('invalid-argument', `evaluateModel: samples of the task ${name} have no ids to write predictions by`);
    const predicting = onPredictions && task.predicting?.(model, settings, modelFiles, onPredictions);
    const objective =
      predicting ?? (flip ? task.mirrored?.(model, settings, modelFiles) : task.objective(model, settings, modelFiles));
    if (objective === undefined)
      throw new GmlpError('invalid-argument', 'evaluateModel: only images have a mirror image; leave --flip out');
    const evaluator = objective.evaluator(device, alone);
    const params = device.put<unknown>(values);
    let count = 0;
    const counted = async function* (): AsyncGenerator<HostBatch> {
      for await (const batch of data.batches) {
        count += task.counted.of(batch);
        yield batch;
      }
    };
    try {
      const onDone = (done: number): void => onBatch(done, data.count);
      const measured = await evaluator.measure(params, counted(), { signal, onBatch: onDone });
      return { task: name, figures: figuresWithFollowing(measured, data.following), count };
    } finally {
      disposeTree(params);
      await evaluator.dispose();
    }
  } finally {
    await data.close();
  }
}

interface Found {
  readonly name: TaskName;
  /** `recipe.data` of the run, if it is of one. */
  readonly settings: object;
  readonly data: MeasuredData;
}

async function dataOf(saved: Omit<LoadedModel, 'params'>, options: EvaluateModelOptions): Promise<Found> {
  const file = options.run === undefined ? undefined : await readRunFile(options.run);
  if (options.data !== undefined) return ownData(saved, options.data, options);
  if (options.run === undefined || file === undefined) {
    throw new GmlpError(
      'invalid-argument',
      'evaluateModel: the model belongs to no run whose held-out data could be taken; give a text with --data, or images',
    );
  }
  const { task: name, data: settings } = file.recipe;
  return { name, settings, data: await heldOutData(options.run, file.recipe, saved.model.config, options) };
}

async function ownData(
  { model, modelFiles }: Omit<LoadedModel, 'params'>,
  path: string,
  { onBad, onLeftOut }: EvaluateModelOptions,
): Promise<Found> {
  const { config } = model;
  const name = taskFor(config);
  if (name === undefined) {
    throw new GmlpError('invalid-argument', `evaluateModel: no task trains such a model (${config.family}): nothing measures it`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-eval-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const data = await taskOf(name).measured(path, { config, modelFiles, folder, onBad, onLeftOut });
    const close = async (): Promise<void> => {
      await data.close();
      await remove();
    };
    return { name, settings: {}, data: { ...data, close } };
  } catch (error) {
    await remove();
    throw error;
  }
}
