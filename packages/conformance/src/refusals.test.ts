/** What does not fit a model is refused on every device, eager and compiled, with what was expected and what came. */
import { GmlpError, type HostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, initialValues } from '@gmlp/layers';
import { createModel, familyOf, type ModelConfig, type ModelOptions } from '@gmlp/models';
import { embedding, softmaxCrossEntropy } from '@gmlp/ops';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { ints, normal, onEveryDevice } from './on-every-device.ts';

const text = { vocabulary: 13, tokens: 4, channels: 8, hiddenChannels: 8, layers: 1 } as const;
const image = { imageSize: 8, patchSize: 4, channels: 8, hiddenChannels: 8, layers: 1 } as const;
const models = {
  gmlp: { family: 'gmlp-language', ...text },
  mixer: { family: 'mixer-language', ...text, tokenHidden: 5 },
  bert: { family: 'bert', ...text, heads: 2, segments: 2 },
  transformer: { family: 'transformer', ...text, heads: 2 },
  'gmlp for images': { family: 'gmlp-vision', ...image },
  'mixer for images': { family: 'mixer-vision', ...image, tokenHidden: 5 },
  resmlp: { family: 'resmlp', ...image },
  vit: { family: 'vit', ...image, heads: 2 },
} as const satisfies Record<string, ModelOptions>;

type Inputs = Readonly<Record<string, HostArray>>;

const sequence = ints([1, 4], [1, 2, 3, 12]);
const [above, below] = [ints([1, 4], [1, 13, 3, 4]), ints([1, 4], [1, 2, -1, 4])];
const [long, floats] = [ints([1, 5], [1, 2, 3, 4, 5]), normal('ids', [1, 4])];

const tooHigh = /expected ids from 0 to 12, got 13 at element 1; .*were the(y| tokens) made with this model’s tokenizer\?/;
const negative = /expected ids from 0 to 12, got -1 at element 2/;

const ofText = (source: string, length: string): readonly (readonly [string, Inputs, RegExp])[] => [
  ['an id outside the vocabulary', { ids: above }, tooHigh],
  ['a negative id', { ids: below }, negative],
  [
    'a longer sequence',
    { ids: long },
    new RegExp(`${source}: expected ids in sequences of ${length} tokens, got 5; .*cut them to 4`),
  ],
  [
    'ids that are no integers',
    { ids: floats },
    new RegExp(`${source}: expected ids int32 \\[batch, .*\\], got float32 \\[1, 4\\]`),
  ],
];
const ofImages: readonly (readonly [string, Inputs, RegExp])[] = [
  [
    'an image of another size',
    { image: normal('image', [1, 12, 12, 3]) },
    /expected images float32 \[batch, 8, 8, 3\].*got float32 \[1, 12, 12, 3\]; resize or crop images to 8 x 8/,
  ],
  ['channels first', { image: normal('image', [1, 3, 8, 8]) }, /got float32 \[1, 3, 8, 8\]; channels come last here/],
];
const refused: { readonly [Name in keyof typeof models]: readonly (readonly [string, Inputs, RegExp])[] } = {
  gmlp: ofText('gmlpLanguage', '4'),
  mixer: ofText('mixerLanguage', '4'),
  bert: [
    ...ofText('bert', 'at most 4'),
    [
      'a segment that the model lacks',
      { ids: sequence, segments: ints([1, 4], [0, 0, 1, 2]) },
      /expected ids from 0 to 1, got 2 at/,
    ],
    [
      'segments of another length',
      { ids: sequence, segments: ints([1, 3], [0, 0, 1]) },
      /expected segments int32 \[1, 4\].*got int32 \[1, 3\]/,
    ],
  ],
  transformer: [
    ['an id outside the vocabulary', { source: sequence, target: above }, tooHigh],
    ['a negative id', { source: below, target: sequence }, negative],
    ['a longer target', { source: sequence, target: long }, /expected target in sequences of at most 4 tokens, got 5/],
  ],
  'gmlp for images': ofImages,
  'mixer for images': ofImages,
  resmlp: ofImages,
  vit: ofImages,
};

for (const [name, cases] of Object.entries(refused)) {
  const { config } = createModel(models[name as keyof typeof models] as ModelOptions) as { readonly config: ModelConfig };
  const { spec, apply } = familyOf(config).forward(config);
  const weights = initialValues(spec, key(0)) as Readonly<Record<string, HostArray>>;

  onEveryDevice(`${name}: refuses what does not fit, and goes on`, async (device) => {
    const params = device.put(weights);
    const forward = device.compile((p: typeof params, inputs: Readonly<Record<string, Tensor>>) => apply(p, inputs, inference));
    for (const [what, inputs, message] of cases) {
      const given = device.put(inputs) as Readonly<Record<string, Tensor>>;
      const error: unknown = await forward(params, given).catch((caught: unknown) => caught);
      expect(GmlpError.isInstance(error) && error.message, what).toMatch(message);
      disposeTree(given);
    }
    const fitting = 'image' in cases[0]![1] ? { image: normal('image', [1, 8, 8, 3]) } : fittingText(cases[0]![1]);
    const given = device.put(fitting) as Readonly<Record<string, Tensor>>;
    const result = await forward(params, given);
    expect((await device.read(result)).data.every(Number.isFinite)).toBe(true);
    disposeTree([params, given, result]);
  });
}

onEveryDevice('positions outside of the sequence are refused, and those inside are not', async (device) => {
  const { module } = createModel(models.bert);
  const params = device.put(initialValues(module.spec, key(0)));
  const forward = device.compile((p: typeof params, input: { ids: Tensor; positions: Tensor }) =>
    module.apply(p, input, inference),
  );
  // Two sequences of 3 tokens, of at most 4: a position behind the first would be in the second.
  const ids = ints([2, 3], [1, 2, 3, 4, 5, 6]);
  const run = async (...positions: number[]): Promise<unknown> => {
    const given = device.put({ ids, positions: ints([2, 1], positions) });
    const result = await forward(params, given).catch((caught: unknown) => caught);
    disposeTree(given);
    return result;
  };
  for (const [bad, message] of [
    [[3, 0], /positions: expected \w+ from 0 to 2, got 3 at element 0/i],
    [[0, -1], /positions: expected \w+ from 0 to 2, got -1 at element 1/i],
  ] as const) {
    const error = await run(...bad);
    expect(GmlpError.isInstance(error) && `${error.code} ${error.message}`).toMatch(message);
  }
  const logits = (await run(2, 0)) as Tensor;
  expect(logits.shape).toEqual([2, 1, 13]);
  disposeTree([params, logits]);
});

onEveryDevice('ids and labels that a function holds itself are refused as well', async (device) => {
  const [ids, labels] = [tf.tensor1d([0, 3], 'int32'), tf.tensor1d([-100, -1], 'int32')];
  const table = device.put(normal('table', [3, 4])) as Tensor2D;
  const looked = device.compile((held: Tensor2D) => embedding(ids, held));
  await expect(looked(table)).rejects.toThrow(/expected ids from 0 to 2, got 3 at element 1/);
  const loss = device.compile((held: Tensor2D) => softmaxCrossEntropy(tf.slice(held, 0, 2), labels).sum);
  await expect(loss(table)).rejects.toThrow(/expected labels from 0 to 3, or -100 for what does not count, got -1 at element 1/);
  tf.dispose([ids, labels, table]);
});

/** The same inputs with ids of the vocabulary. */
function fittingText(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.keys(inputs).map((name) => [name, sequence]));
}
