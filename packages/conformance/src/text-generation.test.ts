/**
 * Text from causal gMLP and aMLP on every device: the generator against the plain model asked at all positions, and a model that
 * learns a text and says it again.
 */
import { type HostArray, key, mapTree, pathName, split } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import type { Device } from '@gmlp/devices/node';
import { inference, loadStrict, type Parameter } from '@gmlp/layers';
import {
  createModel,
  type GenerateOptions,
  type MaskedLanguageBatch,
  type ModelOf,
  maskedLanguageLoss,
  type OptionsOf,
  type ParametersOf,
  sampleNextToken,
  textGenerator,
} from '@gmlp/models';
import { nextTokenBatch } from '@gmlp/text';
import { lossObjective, type TrainingPlan, trainingRun } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { ints, normal, onEveryDevice } from './on-every-device.ts';

const [vocabulary, tokens, end] = [11, 8, 3];
const small: OptionsOf<'gmlp-language'> = {
  ...{ family: 'gmlp-language', vocabulary, tokens, channels: 8, hiddenChannels: 12, layers: 2, causal: true },
  head: { transform: true },
};
const randomParams = (spec: unknown): ParametersOf<'gmlp-language'> =>
  mapTree<Parameter, HostArray, unknown>(spec, ({ shape }, path) =>
    normal(pathName(path), shape, 0.7),
  ) as unknown as ParametersOf<'gmlp-language'>;

describe.each([0, 4])('%i channels of attention', (attentionChannels) => {
  const model = createModel({ ...small, attentionChannels });
  const values = randomParams(model.module.spec);
  let said: readonly (readonly number[])[] | undefined;

  onEveryDevice('the generator says what the plain model does, asked for all positions', async (device) => {
    const params = device.put(values) as ParametersOf<'gmlp-language'>;
    const generate = textGenerator(device, model);
    const everywhere = device.compile((p: typeof params, ids: Tensor) => model.module.apply(p, { ids }, inference));

    /** The same, step by step; behind what is there stands any id. */
    const plainly = async (prompt: readonly number[], filler: number, { sampling, maximumTokens = tokens }: GenerateOptions) => {
      const written: number[] = [];
      while (written.length < maximumTokens && prompt.length + written.length < tokens) {
        const sofar = [...prompt, ...written];
        const ids = device.put(ints([1, tokens], [...sofar, ...Array<number>(tokens - sofar.length).fill(filler)])) as Tensor;
        const result = await everywhere(params, ids);
        const { data } = await device.read(result);
        disposeTree([ids, result]);
        const row = Array.from(data.slice((sofar.length - 1) * vocabulary, sofar.length * vocabulary));
        const best = row.indexOf(Math.max(...row));
        const { key: own, ...options } = sampling ?? { key: key(0), topK: 1 };
        const id = sampling ? sampleNextToken(row, split(split(own, 0), written.length), options) : best;
        if (id === end) return { ids: written, ended: true };
        written.push(id);
      }
      return { ids: written, ended: false };
    };

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(vocabulary - 1), { minLength: 1, maxLength: tokens - 1 }),
        fc.nat(vocabulary - 1),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        fc.option(fc.record({ key: fc.nat().map(key), temperature: fc.constantFrom(0.5, 1, 3) }), { nil: undefined }),
        async (prompt, filler, maximumTokens, sampling) => {
          const options = { end, maximumTokens, sampling };
          expect(await generate(params, prompt, options)).toMatchObject(await plainly(prompt, filler, options));
        },
      ),
      { numRuns: 8, seed: 2105 },
    );

    // A key gives the same text on every device.
    const texts: (readonly number[])[] = [];
    for (let seed = 0; seed < 8; seed++) texts.push((await generate(params, [5], { end, sampling: { key: key(seed) } })).ids);
    said ??= texts;
    expect(texts).toEqual(said);
    expect(new Set(texts.map((ids) => ids.join(' '))).size).toBeGreaterThan(4);
    disposeTree(params);
  });
});

describe('a model that learns a text', () => {
  /** Token 7 is followed by 2 and by 5 in turn: one token back is not enough. */
  const cycle = [4, 7, 2, 9, 7, 5];
  const text = (from: number, length: number): number[] =>
    Array.from({ length }, (_, index) => cycle[(from + index) % cycle.length]!);

  onEveryDevice('says it again, greedily and at a low temperature', async (device) => {
    const model = createModel({ ...small, attentionChannels: 0 });
    const params = await trained(device, model.module);
    const generate = textGenerator(device, model);
    const sampling = { key: key(1), temperature: 0.3, topP: 0.9 };
    for (let from = 0; from < cycle.length; from++) {
      const expected = { ids: text(from + 2, tokens - 2), ended: false };
      expect(await generate(params, text(from, 2), { end })).toMatchObject(expected);
      expect(await generate(params, text(from, 2), { end, sampling })).toMatchObject(expected);
    }
    disposeTree(params);
  });

  async function trained(device: Device, model: ModelOf<'gmlp-language'>) {
    const tensors = nextTokenBatch(
      ints(
        [cycle.length, tokens],
        cycle.flatMap((_, from) => text(from, tokens)),
      ),
    );
    const steps = 80;
    const plan: TrainingPlan = {
      ...{ seed: 0, steps, accumulate: 1, recordEvery: steps, evaluation: null, checkpoints: { every: steps } },
      optimiser: {
        ...{ name: 'adamw', weightDecay: 0.01, epsilon: 1e-6, betas: [0.9, 0.999] },
        ...{ peakRate: 0.03, warmupSteps: 5, decay: 'linear', clipNorm: null, ema: null },
      },
    };
    const events = trainingRun<ParametersOf<'gmlp-language'>, MaskedLanguageBatch>(plan, {
      ...{ device, spec: model.spec, objective: lossObjective(maskedLanguageLoss(model)) },
      training: () => Array.from({ length: steps }, () => ({ tensors, units: tensors.ids.data.length, about: undefined })),
      signal: new AbortController().signal,
    });
    let learned: ReadonlyMap<string, HostArray> | undefined;
    for await (const event of events) {
      if (event.kind === 'record') expect(event.metrics.loss).toBeLessThan(3);
      if (event.kind === 'checkpoint') learned = event.checkpoint.model;
    }
    return device.put<ParametersOf<'gmlp-language'>>(loadStrict(model.spec, learned!));
  }
});
