/**
 * A Transformer learns to restore case and punctuation, in one straight line:
 * addresses -> tokenizer -> pairs -> training -> held-out passages restored -> word accuracy.
 */
import { GmlpError, type HostArray, key, split } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import type { DeviceName } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import { countParameters, initialValues, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import {
  adamwOptimiser,
  clipped,
  disposeTree,
  formatMetrics,
  formatNumber,
  hostBatches,
  linearWarmup,
  type TrainingState,
  train,
  trainingStep,
} from '@gmlp/training';
import { progressLine } from '@gmlp/training/node';
import type { Io } from '../../io.ts';
import { openRunFolder } from '../../quickstart/run-folder.ts';
import { stageProgress } from '../text/stage-progress.ts';
import { asSentence, bareText, wordsOf } from './pairs.ts';
import { preparePairs } from './prepare-pairs.ts';
import { passageRestorer } from './restore-passages.ts';
import { type Batch, type HostParameters, type Parameters, restoreLoss, specialIds, trainingBatches } from './restore-task.ts';
import type { RestoreSettings } from './settings.ts';
import { wordAccuracy } from './word-accuracy.ts';

export interface RestoreOptions {
  /** Where the model goes, a folder that is absent or empty; nowhere when left out. */
  readonly out?: string | undefined;
  readonly device?: DeviceName;
  /** A folder of plain text; the State of the Union addresses by default. */
  readonly source?: string;
}

export interface RestoreResult {
  /** Shares of the reference's words that are right: when the source is copied, */
  readonly copying: number;
  /** with a capital at the begin of each passage and a full stop at its end, */
  readonly copyingAsSentence: number;
  /** and as the model restores it. */
  readonly greedy: number;
  readonly beam?: number;
  /** Words of the reference. */
  readonly words: number;
  readonly parameters: number;
  /** Mean training loss at the first and the last record. */
  readonly losses: readonly [number, number];
  readonly trainingSeconds: number;
  /** Of the whole run. */
  readonly seconds: number;
  readonly examples: readonly { readonly source: string; readonly restored: string }[];
}

const recordEvery = 20;

export async function runRestore(
  settings: RestoreSettings,
  { out, device: deviceName = 'ort-cpu', source }: RestoreOptions,
  { stderr, signal, now }: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<RestoreResult> {
  const progress = progressLine({ stream: stderr });
  const stopIfAborted = (): void => {
    if (signal.aborted) throw new GmlpError('aborted', 'restore: stopped; nothing was written', {}, { cause: signal.reason });
  };
  // What is open is closed in reverse order, whatever happens.
  const closers: (() => void | Promise<void>)[] = [() => progress.clear()];
  const folder = out === undefined ? undefined : await openRunFolder(out, []); // before the training, which takes minutes
  if (folder !== undefined) closers.push(folder.discard);
  try {
    const root = key(settings.seed);
    const prepared = await preparePairs(settings, { source, key: root, progress, now, stopIfAborted });
    const { tokenizer, training, heldOut } = prepared;
    const ids = specialIds(tokenizer);
    const { config, module: model } = createModel({
      ...settings.model,
      vocabulary: tokenizer.vocabularySize,
      padding: ids.padding,
    });
    const parameters = countParameters(model.spec);
    const device = await openDevice(deviceName);
    closers.push(() => device.dispose());
    progress.print(`model: ${formatNumber(parameters)} parameters, on ${device.name}`);

    const { steps, batchSize, peakRate, warmupSteps, weightDecay, labelSmoothing } = settings;
    const step = trainingStep<Parameters, AdamWState<Parameters>, Batch>(device, {
      loss: restoreLoss(model, labelSmoothing),
      optimiser: clipped(adamwOptimiser<Parameters>(model.spec, { weightDecay, beta2: 0.98, epsilon: 1e-9 }), 1),
    });
    const params = device.put(initialValues(model.spec, split(root, 'initial'))) as unknown as Parameters;
    const state: TrainingState<Parameters, AdamWState<Parameters>> = {
      params,
      optimiser: await step.initialState(params),
      step: 0,
    };
    closers.push(() => disposeTree([state.params, state.optimiser]));
    const started = now();
    const losses: number[] = [];
    const records = train<Parameters, AdamWState<Parameters>, Batch>({
      device,
      step,
      state,
      batches: hostBatches(
        trainingBatches(training, { size: batchSize, tokens: config.tokens, key: split(root, 'batches') }, ids),
        ({ target }) => target.data.length,
      ),
      schedule: linearWarmup({ peak: peakRate, warmupSteps: Math.min(warmupSteps, steps), steps }),
      steps,
      key: split(root, 'steps'),
      every: recordEvery,
      signal,
      now,
    });
    for await (const record of records) {
      losses.push(record.loss);
      progress.update(formatMetrics(record, { steps, unit: 'tokens' }));
      if (record.step % 500 === 0) progress.print(formatMetrics(record, { steps, unit: 'tokens' }));
    }
    const trainingSeconds = now() - started;

    const restorePassages = passageRestorer({ device, model, config, tokenizer });
    const restore = (label: string, width: number): Promise<string[][]> => {
      const report = stageProgress(progress, `${label}, passages`, now);
      const onProgress = (done: number, total: number): void => {
        stopIfAborted();
        report(done, total);
      };
      return restorePassages(state.params, heldOut, { width, onProgress });
    };
    const accuracy = (given: readonly (readonly string[])[]): number =>
      wordAccuracy(heldOut.map(({ words }, index) => ({ reference: words, given: given[index]! })));
    const greedy = await restore('greedy search', 1);
    const beam = settings.beam === 1 ? undefined : await restore('beam search', settings.beam);
    if (folder !== undefined) {
      const tensors = toNamed<HostArray>((await device.read(state.params)) as HostParameters);
      await writeModelDirectory(folder.path, { config, tensors, tokenizer: prepared.tokenizerFile });
      stopIfAborted();
      await folder.commit();
    }
    const sources = heldOut.map(({ words }) => bareText(words));
    return {
      copying: accuracy(sources.map(wordsOf)),
      copyingAsSentence: accuracy(sources.map((text) => wordsOf(asSentence(text)))),
      greedy: accuracy(greedy),
      ...(beam && { beam: accuracy(beam) }),
      words: heldOut.reduce((sum, { words }) => sum + words.length, 0),
      parameters,
      losses: [losses[0]!, losses.at(-1)!],
      trainingSeconds,
      seconds: now(),
      examples: sources.slice(0, 3).map((text, index) => ({ source: text, restored: greedy[index]!.join(' ') })),
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
