/** How well a saved model fills masks, or a causal one says what comes next: on the held-out text of its run, or on one's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError, key, split } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { ignoredLabel, type MaskedBatch, maskOptions, packDocuments, validationBatches } from '@gmlp/text';
import { openPacked, writePacked } from '@gmlp/text/node';
import { alone, disposeTree, hostBatches } from '@gmlp/training';
import { runData, textSettings } from '../run/run-data.ts';
import { readRunFile } from '../run/run-file.ts';
import { runPaths } from '../run/run-paths.ts';
import { type LanguageParameters, languageObjective } from '../tasks/text/language-objective.ts';
import { type LeftOut, leftOutCount } from '../tasks/text/left-out.ts';
import { sourceAt } from '../tasks/text/list-shards.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { openPreparedText } from '../tasks/text/prepare-text.ts';
import { openTextSource } from '../tasks/text/text-source.ts';
import { isCausal, type LoadedLanguageModel } from './load-language-model.ts';

export interface LanguageFigures {
  /** Nats per token that was asked for. */
  readonly loss: number;
  readonly perplexity: number;
  /** How many were asked for. */
  readonly count: number;
}

export interface EvaluateModelOptions {
  /** The run that the model belongs to: its held-out text is taken unless there is `data`. */
  readonly run?: string | undefined;
  /** A file or a folder of text, a shard of C4 or a folder of shards. */
  readonly data?: string | undefined;
  /** What becomes of records of `data` that cannot be read; `stop` by default. */
  readonly onBad?: OnBad | undefined;
  readonly onLeftOut?: (leftOut: LeftOut) => void;
  readonly signal: AbortSignal;
  readonly onBatch: (done: number, all: number) => void;
}

const batchSize = 32;

export async function evaluateModel(
  device: Device,
  model: LoadedLanguageModel,
  { run, data, onBad, onLeftOut, signal, onBatch }: EvaluateModelOptions,
): Promise<LanguageFigures> {
  const text = data === undefined ? await heldOutText(model, run) : await ownText(model, data, onBad, onLeftOut);
  const evaluator = languageObjective(model.module).evaluator(device, alone);
  const params = device.put(model.params) as unknown as LanguageParameters;
  let count = 0;
  const batches = hostBatches(text.batches, ({ labels }) => {
    const asked = labels.data.filter((label) => label !== ignoredLabel).length;
    count += asked;
    return asked;
  });
  try {
    const figures = await evaluator.measure(params, batches, { signal, onBatch: (done) => onBatch(done, text.count) });
    return { loss: figures['loss']!, perplexity: figures['perplexity']!, count };
  } finally {
    disposeTree(params);
    await evaluator.dispose();
    await text.close();
  }
}

interface EvaluationText {
  readonly batches: AsyncIterable<MaskedBatch>;
  readonly count: number;
  close(): Promise<void>;
}

async function heldOutText({ config }: LoadedLanguageModel, run: string | undefined): Promise<EvaluationText> {
  const file = run === undefined ? undefined : await readRunFile(run);
  if (run === undefined || file === undefined) {
    throw new GmlpError(
      'invalid-argument',
      'evaluateModel: the model belongs to no run whose held-out text could be taken; give a text with --data',
    );
  }
  const text = await openPreparedText(textSettings(file.recipe, config), runPaths(run).text);
  if (text === undefined) {
    throw new GmlpError(
      'not-found',
      `evaluateModel: the run ${run} has no prepared text (text/text.json); give a text with --data`,
      { run },
    );
  }
  const { masked, validationBatches: count } = runData(file.recipe, text);
  return { batches: masked(), count, close: text.close };
}

async function ownText(
  { config, tokenizer }: LoadedLanguageModel,
  path: string,
  onBad: OnBad | undefined,
  onLeftOut: EvaluateModelOptions['onLeftOut'],
): Promise<EvaluationText> {
  const source = await openTextSource({ source: await sourceAt(path), path, onBad });
  if (leftOutCount(source.leftOut) > 0) onLeftOut?.(source.leftOut);
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-eval-'));
  const shape = { sequenceLength: config.tokens, vocabularySize: config.vocabulary };
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writePacked(join(folder, 'text.packed'), packDocuments(source.read(), tokenizer, shape), shape);
    const packed = await openPacked(join(folder, 'text.packed'), shape);
    const asked = isCausal(config) ? 'next-token' : maskOptions(tokenizer);
    const batches = validationBatches(packed, batchSize, split(key(0), 'validation'), asked);
    const close = async (): Promise<void> => {
      await packed.close();
      await remove();
    };
    if (packed.count === 0) {
      await packed.close();
      throw new GmlpError(
        'invalid-data',
        `evaluateModel: ${path} is too short: the model reads ${config.tokens} tokens at once; give more text`,
        {
          path,
        },
      );
    }
    return { batches, count: Math.ceil(packed.count / batchSize), close };
  } catch (error) {
    await remove();
    throw error;
  }
}
