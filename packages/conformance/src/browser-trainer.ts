/**
 * A page that trains, as an application would write it: a tokenizer from the reader's own texts, masked batches of them, a
 * model, the training loop, a device. `tooling/check-browser.mjs` weighs it; the tests in Chromium run it.
 */
import { key } from '@gmlp/base';
import { type DeviceName, disposeTree, openDevice } from '@gmlp/devices';
import { initialValues } from '@gmlp/layers';
import { gmlpMaskedLanguage, maskedLanguageLoss, type ParametersOf } from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import { loadTokenizer, maskOptions, packDocuments, packedInMemory, trainingBatches, trainTokenizer } from '@gmlp/text';
import { adamwOptimiser, hostBatches, linearWarmup, type TrainingState, train, trainingStep } from '@gmlp/training';

type P = ParametersOf<'gmlp-language'>;

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
  const step = trainingStep(device, {
    loss: maskedLanguageLoss(model),
    optimiser: adamwOptimiser<P>(model.spec),
  });
  const params = device.put<P>(initialValues(model.spec, key(1)));
  const state: TrainingState<P, AdamWState<P>> = { params, optimiser: await step.initialState(params), step: 0 };
  const losses: number[] = [];
  for await (const { loss } of train({
    device,
    step,
    state,
    batches: hostBatches(
      trainingBatches(packedInMemory(sequences, vocabularySize), batchSize, key(2), maskOptions(tokenizer)),
      ({ ids }) => ids.data.length,
    ),
    schedule: linearWarmup({ peak: 0.03, warmupSteps: 2, steps }),
    steps,
    key: key(4),
  })) {
    losses.push(loss);
  }
  disposeTree(state);
  await device.dispose();
  return losses;
}
