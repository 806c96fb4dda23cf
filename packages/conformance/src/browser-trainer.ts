/**
 * A page that trains, as an application would write it: a tokenizer from the reader's own texts, masked batches of them, a
 * model, a run, a device. `tooling/check-browser.mjs` weighs it; the tests in Chromium run it.
 */
import { key } from '@gmlp/base';
import { type DeviceName, openDevice } from '@gmlp/devices';
import { gmlpMaskedLanguage, type MaskedLanguageBatch, maskedLanguageLoss, type ParametersOf } from '@gmlp/models';
import { loadTokenizer, maskOptions, packDocuments, packedInMemory, trainingBatches, trainTokenizer } from '@gmlp/text';
import { hostBatches, lossObjective, type TrainingPlan, trainingRun } from '@gmlp/training';

const vocabularySize = 300;
const tokens = 16;
const batchSize = 4;

const planOf = (steps: number): TrainingPlan => ({
  ...{ seed: 1, steps, accumulate: 1, recordEvery: 1, evaluation: null, checkpoints: { every: steps } },
  optimiser: {
    ...{ name: 'adamw', weightDecay: 0.01, epsilon: 1e-6, betas: [0.9, 0.999] },
    ...{ peakRate: 0.03, warmupSteps: 2, decay: 'linear', clipNorm: null, ema: null },
  },
});

/** Trains on the texts; the losses of the steps. */
export async function trainOn(texts: readonly string[], steps: number, name: DeviceName | 'auto'): Promise<number[]> {
  const documents = texts.map((text) => ({ text }));
  const tokenizer = loadTokenizer(await trainTokenizer(documents, { vocabularySize }));
  const sequences: Int32Array[] = [];
  for await (const sequence of packDocuments(documents, tokenizer, { sequenceLength: tokens })) sequences.push(sequence);
  const packed = packedInMemory(sequences, vocabularySize);

  const model = gmlpMaskedLanguage({
    family: 'gmlp-language',
    vocabulary: vocabularySize,
    tokens,
    channels: 16,
    hiddenChannels: 32,
    layers: 1,
  });
  const device = await openDevice(name);
  const losses: number[] = [];
  const run = trainingRun<ParametersOf<'gmlp-language'>, MaskedLanguageBatch>(planOf(steps), {
    device,
    spec: model.spec,
    objective: lossObjective(maskedLanguageLoss(model)),
    training: (first) =>
      hostBatches(trainingBatches(packed, batchSize, key(2), maskOptions(tokenizer), first), ({ ids }) => ids.data.length),
    signal: new AbortController().signal,
  });
  for await (const event of run) if (event.kind === 'record') losses.push(event.metrics.loss);
  await device.dispose();
  return losses;
}
