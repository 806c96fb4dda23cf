/**
 * A page that trains, as an application would write it: a tokenizer from the reader's own texts, masked batches of them, a
 * model, the training loop, a device. `tooling/check-browser.mjs` weighs it; the tests in Chromium run it.
 */
import { hostArray, key, split } from '@gmlp/base';
import { type DeviceName, openDevice } from '@gmlp/devices';
import { initialValues } from '@gmlp/layers';
import { type GmlpMaskedLanguageParameters, gmlpMaskedLanguage, type MaskedLanguageInput } from '@gmlp/models';
import { type AdamWState, adamw, adamwInit, softmaxCrossEntropy } from '@gmlp/ops';
import {
  loadTokenizer,
  type MaskedBatch,
  type MaskOptions,
  maskOptions,
  maskTokens,
  packDocuments,
  shuffledBatches,
  trainTokenizer,
} from '@gmlp/text';
import { disposeTree, linearWarmup, type TrainingState, train, trainingStep } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';

type P = GmlpMaskedLanguageParameters;
type Batch = MaskedLanguageInput & { readonly labels: Tensor };

const vocabularySize = 300;
const tokens = 16;
const batchSize = 4;

/** Trains on the texts; the losses of the steps. */
export async function trainOn(texts: readonly string[], steps: number, name: DeviceName | 'auto'): Promise<number[]> {
  const documents = texts.map((text) => ({ text }));
  const tokenizer = loadTokenizer(await trainTokenizer(documents, { vocabularySize }));
  const sequences: Int32Array[] = [];
  for await (const sequence of packDocuments(documents, tokenizer, { sequenceLength: tokens })) sequences.push(sequence);

  const model = gmlpMaskedLanguage({
    family: 'gmlp-language',
    vocabulary: vocabularySize,
    tokens,
    channels: 16,
    hiddenChannels: 32,
    layers: 1,
  });
  const device = await openDevice(name);
  const step = trainingStep<P, AdamWState<P>, Batch>(device, {
    loss: (params, { labels, ...input }, dropouts) =>
      softmaxCrossEntropy(model.apply(params, input, { key: dropouts, training: true }), labels),
    optimiser: { init: adamwInit, update: (...args) => adamw(...args) },
  });
  const params = device.put(initialValues(model.spec, key(1))) as P;
  const state: TrainingState<P, AdamWState<P>> = { params, optimiser: await step.initialState(params), step: 0 };
  const losses: number[] = [];
  for await (const { loss } of train({
    device,
    step,
    state,
    batches: batchesOf(sequences, maskOptions(tokenizer)),
    schedule: linearWarmup({ peak: 0.03, warmupSteps: 2, steps }),
    steps,
    key: key(4),
    tokens: () => batchSize * tokens,
  })) {
    losses.push(loss);
  }
  disposeTree(state);
  await device.dispose();
  return losses;
}

function* batchesOf(sequences: readonly Int32Array[], masks: MaskOptions): Generator<MaskedBatch> {
  let number = 0;
  for (const { indices } of shuffledBatches(sequences.length, batchSize, key(2))) {
    const ids = new Int32Array(batchSize * tokens);
    for (const [row, index] of indices.entries()) ids.set(sequences[index]!, row * tokens);
    yield maskTokens(hostArray('int32', [batchSize, tokens], ids), split(key(3), number++), masks);
  }
}
