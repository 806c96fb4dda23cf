/**
 * A Transformer learns to restore case and punctuation, in one straight line:
 * addresses -> tokenizer -> pairs -> training -> held-out passages restored -> word accuracy.
 */
import { GmlpError, type HostArray, key, split } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import type { DeviceName } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import { countParameters, initialValues, toNamed } from '@gmlp/layers';
import { beamSearch, createModel, greedySearch } from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import { loadTokenizer, type Tokenizer, trainTokenizer } from '@gmlp/text';
import { disposeTree, formatMetrics, formatNumber, linearWarmup, type TrainingState, train, trainingStep } from '@gmlp/training';
import { type ProgressLine, progressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import { splitCorpus } from '../masked-language/corpus.ts';
import { stageProgress } from '../masked-language/stage-progress.ts';
import { openTextSource } from '../masked-language/text-source.ts';
import { searchesOf } from './next-of-transformer.ts';
import { bareText, type Pair, pairsOf, wordsOf } from './pairs.ts';
import {
  type Batch,
  filledUp,
  type HostParameters,
  type Parameters,
  restoreLoss,
  restoreOptimiser,
  specialIds,
  trainingBatches,
} from './restore-task.ts';
import type { RestoreSettings } from './settings.ts';
import { wordAccuracy } from './word-accuracy.ts';

export interface RestoreOptions {
  /** Where the model goes; nowhere when left out. */
  readonly out?: string | undefined;
  readonly device?: DeviceName;
  /** A folder of plain text; the State of the Union addresses by default. */
  readonly source?: string;
}

export interface RestoreResult {
  /** Shares of the reference's words that are right: when the source is copied, and as the model restores it. */
  readonly copying: number;
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
const chunk = 64;

export async function runRestore(
  settings: RestoreSettings,
  { out, device: deviceName = 'ort-cpu', source }: RestoreOptions,
  { stderr, signal, now }: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<RestoreResult> {
  const progress = progressLine({ stream: stderr });
  const root = key(settings.seed);
  const { tokenizer, tokenizerFile, training, heldOut } = await prepare(settings, source, { progress, now, signal });
  const ids = specialIds(tokenizer);
  const { config, module: model } = createModel({
    ...settings.model,
    vocabulary: tokenizer.vocabularySize,
    padding: ids.padding,
  });
  const parameters = countParameters(model.spec);
  const device = await openDevice(deviceName);
  try {
    progress.print(`model: ${formatNumber(parameters)} parameters, on ${device.name}`);
    const { steps, batchSize, peakRate, warmupSteps, weightDecay, labelSmoothing } = settings;
    const step = trainingStep<Parameters, AdamWState<Parameters>, Batch>(device, {
      loss: restoreLoss(model, labelSmoothing),
      optimiser: restoreOptimiser(model, { weightDecay, beta2: 0.98, epsilon: 1e-9 }),
    });
    const params = device.put(initialValues(model.spec, split(root, 'initial'))) as unknown as Parameters;
    const state: TrainingState<Parameters, AdamWState<Parameters>> = {
      params,
      optimiser: await step.initialState(params),
      step: 0,
    };
    try {
      const started = now();
      const losses: number[] = [];
      const records = train<Parameters, AdamWState<Parameters>, Batch>({
        device,
        step,
        state,
        batches: trainingBatches(training, { size: batchSize, tokens: config.tokens, key: split(root, 'batches') }, ids),
        schedule: linearWarmup({ peak: peakRate, warmupSteps: Math.min(warmupSteps, steps), steps }),
        steps,
        key: split(root, 'steps'),
        tokens: ({ target }) => target.data.length,
        every: recordEvery,
        clipNorm: 1,
        signal,
        now,
      });
      for await (const record of records) {
        losses.push(record.loss);
        progress.update(formatMetrics(record, steps));
        if (record.step % 500 === 0) progress.print(formatMetrics(record, steps));
      }
      const trainingSeconds = now() - started;
      const restored = await restoreAll(state.params);
      if (out !== undefined) {
        const tensors = toNamed<HostArray>((await device.read(state.params)) as HostParameters);
        await writeModelDirectory(out, { config, tensors, tokenizer: tokenizerFile });
      }
      const against = (given: (pair: Pair, index: number) => string): number =>
        wordAccuracy(heldOut.map((pair, index) => ({ reference: pair.words, given: wordsOf(given(pair, index)) })));
      const { greedy, beam } = restored;
      return {
        copying: against(({ words }) => bareText(words)),
        greedy: against((_, index) => greedy[index]!),
        ...(beam && { beam: against((_, index) => beam[index]!) }),
        words: heldOut.reduce((sum, { words }) => sum + words.length, 0),
        parameters,
        losses: [losses[0]!, losses.at(-1)!],
        trainingSeconds,
        seconds: now(),
        examples: heldOut.slice(0, 3).map(({ words }, index) => ({ source: bareText(words), restored: greedy[index]! })),
      };
    } finally {
      disposeTree([state.params, state.optimiser]);
    }
  } finally {
    progress.clear();
    await device.dispose();
  }

  /** The held-out passages as the model restores them. */
  async function restoreAll(params: Parameters): Promise<{ readonly greedy: string[]; readonly beam?: string[] }> {
    const open = searchesOf(device, model, config);
    const search = async (label: string, width: number): Promise<string[]> => {
      const texts: string[] = [];
      const report = stageProgress(progress, `${label}, passages`, now);
      for (let first = 0; first < heldOut.length; first += chunk) {
        stopIfAborted(signal);
        const pairs = heldOut.slice(first, first + chunk);
        const sources = filledUp(
          pairs.map((pair) => pair.source),
          config.tokens,
          ids.padding,
        );
        const { next, dispose } = await open(params, sources, pairs.length * width);
        const options = { next, sources: pairs.length, begin: ids.begin, end: ids.end, maximumTokens: config.tokens };
        const found =
          width === 1 ? await greedySearch(options) : (await beamSearch({ ...options, width })).map(([best]) => best!);
        dispose();
        texts.push(...found.map((target) => tokenizer.decode(target.ids).trim()));
        report(texts.length, heldOut.length);
      }
      return texts;
    };
    const greedy = await search('greedy search', 1);
    return settings.beam === 1 ? { greedy } : { greedy, beam: await search('beam search', settings.beam) };
  }
}

interface Prepared {
  readonly tokenizer: Tokenizer;
  readonly tokenizerFile: string;
  readonly training: readonly Pair[];
  readonly heldOut: readonly Pair[];
}

/** The tokenizer learns from both sides of the addresses to train on. */
async function prepare(
  { seed, heldOut, vocabulary, passages, model }: RestoreSettings,
  path: string | undefined,
  { progress, now, signal }: { readonly progress: ProgressLine; readonly now: () => number; readonly signal: AbortSignal },
): Promise<Prepared> {
  const source = await openTextSource(path === undefined ? { source: 'sotu' } : { source: 'text', path });
  const corpus = splitCorpus(source, heldOut, split(key(seed), 'held out'));
  const bothSides = async function* (): AsyncGenerator<{ readonly text: string }> {
    for await (const { text } of corpus.read('training')) {
      stopIfAborted(signal);
      const words = wordsOf(text);
      yield { text: words.join(' ') };
      yield { text: bareText(words) };
    }
  };
  const merging = stageProgress(progress, 'tokenizer, pieces', now);
  const json = await trainTokenizer(bothSides(), {
    vocabularySize: vocabulary,
    onProgress: (event) => {
      if (event.stage === 'merge') merging(event.pieces, vocabulary);
    },
  });
  const tokenizer = loadTokenizer(json);
  const read = async (part: 'training' | 'validation'): Promise<Pair[]> => {
    const pairs: Pair[] = [];
    for await (const { text } of corpus.read(part)) {
      stopIfAborted(signal);
      pairs.push(...pairsOf(text, tokenizer, model.tokens - 1));
    }
    return pairs;
  };
  const [training, all] = [await read('training'), await read('validation')];
  const count = Math.min(passages, all.length);
  progress.print(
    `pairs: ${formatNumber(training.length)} to train on, ${formatNumber(count)} of ${formatNumber(all.length)} held out`,
  );
  const held = Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
  return { tokenizer, tokenizerFile: JSON.stringify(json), training, heldOut: held };
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new GmlpError('aborted', 'restore: stopped; nothing was written', {}, { cause: signal.reason });
}
