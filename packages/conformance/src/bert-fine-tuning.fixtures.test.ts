/** A BERT of Hugging Face's, loaded and fine-tuned as BERT is: the losses of transformers step for step, on every device. */
import { type HostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import {
  createModel,
  familyOf,
  type HuggingFaceBertModel,
  huggingFaceBertOptions,
  type ModelConfig,
  type ModelOptions,
  readHuggingFaceBert,
} from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { type Fixture, fixture } from '@gmlp/testing';
import { adamwOptimiser, clipped, type LossSum, linearWarmup, trainingStep, trainSteps } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { beside } from './beside.ts';
import { onEveryDevice } from './on-every-device.ts';

interface Settings {
  readonly ctor: string;
  readonly steps: number;
  readonly warmup: number;
  readonly peak: number;
  readonly weight_decay: number;
  readonly epsilon: number;
  readonly clip_norm: number;
}

type Batch = { readonly [Name in 'ids' | 'segments' | 'mask' | 'labels']: Tensor };

const sets: Readonly<Record<string, (golden: Fixture, step: number) => HostArray>> = {
  'bert-fine-tuning-cls': (golden, step) => golden.get(`in.${step}.labels`),
  'bert-fine-tuning-mlm': (golden, step) => golden.get(`in.${step}.labels`),
  'bert-fine-tuning-qa': (golden, step) =>
    beside(golden.get(`in.${step}.start_positions`), golden.get(`in.${step}.end_positions`)),
};

for (const [name, labels] of Object.entries(sets)) {
  const golden = fixture(name);
  const {
    ctor,
    steps,
    warmup,
    peak,
    weight_decay: weightDecay,
    epsilon,
    clip_norm: maxNorm,
  } = golden.config as unknown as Settings;
  const theirs = golden.all('param.');
  const rates = golden.get('out.rates').data;
  const options = huggingFaceBertOptions(
    { ...golden.config, architectures: [ctor] },
    { pooler: theirs.has('bert.pooler.dense.weight') },
  );
  const created = createModel(options as ModelOptions);
  // Each head has other parameters; here they are all trees.
  const model = created as unknown as HuggingFaceBertModel<object, unknown>;
  const { apply } = familyOf(created.config as ModelConfig).forward(created.config);

  onEveryDevice(`${name}: the losses of transformers step for step`, async (device) => {
    const step = trainingStep(device, {
      loss: (params: object, { labels, ...text }: Batch, context): LossSum =>
        softmaxCrossEntropy(apply(params, text, context), labels),
      optimiser: clipped(adamwOptimiser<object>(model.module.spec, { weightDecay, epsilon }), maxNorm),
    });
    const params = device.put(readHuggingFaceBert(model, theirs)) as object;
    const state = { params, optimiser: await step.initialState(params), step: 0 };
    const batches = Array.from({ length: steps }, (_, at) => ({
      tensors: {
        ids: golden.get(`in.${at}.input_ids`),
        segments: golden.get(`in.${at}.token_type_ids`),
        mask: golden.get(`in.${at}.attention_mask`),
        labels: labels(golden, at),
      },
      units: 1,
      about: undefined,
    }));
    const losses: number[] = [];
    const run = trainSteps({ device, step, state, batches, schedule: (at) => rates[at - 1]!, steps, key: key(0) });
    for await (const { metrics } of run) losses.push(metrics!.loss);
    disposeTree([state.params, state.optimiser]);
    await step.dispose();
    const expected = golden.get('out.losses').data;
    expect(losses).toHaveLength(expected.length);
    for (const [at, loss] of losses.entries()) expect(Math.abs(loss / expected[at]! - 1), `step ${at + 1}`).toBeLessThan(1e-5);
  });

  it(`${name}: its rates are those of linearWarmup, but that theirs begin with a step at 0`, () => {
    const schedule = linearWarmup({ peak, warmupSteps: warmup, steps });
    expect(rates[0]).toBe(0);
    for (let at = 1; at <= steps; at++) expect(rates[at <= warmup ? at : at - 1]).toBeCloseTo(schedule(at), 8);
  });
}
