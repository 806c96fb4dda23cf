/** Heads for fine-tuning over every body: shapes, and the way from a pretrained model. */
import { type HostArray, key, mapTree } from '@gmlp/base';
import { inference, initialValues, type Module, toNamed } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import { familyOf, type ModelConfig, type ModelOptions } from './families.ts';
import type { TextBodyOptions } from './text-body.ts';
import type { TextInput } from './text-input.ts';
import { withTrainedBody } from './with-trained-body.ts';

beforeAll(() => tf.setBackend('cpu'));

const sizes = { vocabulary: 11, tokens: 4, channels: 8, hiddenChannels: 12, layers: 2 };
const bodies: Readonly<Record<string, TextBodyOptions>> = {
  bert: { family: 'bert', ...sizes, heads: 2, segments: 2 },
  'bert with a pooler': { family: 'bert', ...sizes, heads: 2, segments: 2, pooler: true },
  'bert with relative positions': { family: 'bert', ...sizes, heads: 2, positions: 'relative', normPlacement: 'pre' },
  gmlp: { family: 'gmlp-language', ...sizes },
  amlp: { family: 'gmlp-language', ...sizes, attentionChannels: 4 },
};
const heads: Readonly<Record<string, (body: TextBodyOptions) => ModelOptions>> = {
  classification: (body) => ({ family: 'sequence-classification', body, classes: 3 }),
  'classification without pooler': (body) => ({ family: 'sequence-classification', body, classes: 3, pooler: false }),
  span: (body) => ({ family: 'extractive-span', body }),
};
const ints = (rows: number[][]): tf.Tensor => tf.tensor2d(rows, undefined, 'int32');
const toTensors = (tree: unknown): unknown =>
  mapTree<HostArray, tf.Tensor, unknown>(tree, ({ data, shape }) => tf.tensor(data as Float32Array, [...shape]));
type Text = Module<object, TextInput>;

describe.each(Object.entries(bodies))('%s', (_, body) => {
  const pretrained = createModel(body);
  const trained = initialValues(pretrained.module.spec, key(1));

  it.each(Object.entries(heads))('gets a head for %s, and keeps what it learned', (_, options) => {
    const { config, module } = createModel(options(body)) as unknown as { config: ModelConfig; module: Text };
    const params = withTrainedBody(module.spec, trained, key(2));
    const [ours, theirs] = [toNamed<HostArray>(params), toNamed<HostArray>(trained)];
    for (const [name, array] of ours) {
      if (name.startsWith('head.')) expect(theirs.get(name) === array, name).toBe(false);
      else if (theirs.has(name) || !name.startsWith('pooler.')) expect(array, name).toBe(theirs.get(name));
    }
    const shape = config.family === 'extractive-span' ? [2, 2, 4] : [2, 3];
    expect(createModel(JSON.parse(JSON.stringify(config)) as ModelOptions).config).toEqual(config);
    tf.tidy(() => {
      const given = {
        ids: ints([
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ]),
      };
      const logits = module.apply(toTensors(params) as object, given, inference);
      expect(logits.shape).toEqual(shape);
      expect(new Set(logits.dataSync()).size).toBe(logits.size);
    });
    expect(familyOf(config).inputs(config)['ids']).toMatchObject({ below: 11, shape: ['batch', 4] });
  });
});

it('reads a pair of sentences by its segments', () => {
  tf.tidy(() => {
    const { module } = createModel({ family: 'sequence-classification', body: bodies['bert']!, classes: 2 });
    const params = toTensors(initialValues(module.spec, key(3))) as Parameters<typeof module.apply>[0];
    const ids = ints([[1, 2, 3, 4]]);
    const run = (segments: number[]): number[] =>
      Array.from(module.apply(params, { ids, segments: ints([segments]) }, inference).dataSync());
    expect(run([0, 0, 1, 1])).not.toEqual(run([0, 1, 1, 1]));
  });
});

it('a body of other sizes, or of another family, is refused by name', () => {
  const { module } = createModel(heads['span']!(bodies['bert']!)) as unknown as { module: Text };
  const from = (body: TextBodyOptions): unknown => initialValues(createModel(body).module.spec, key(0));
  expect(() => withTrainedBody(module.spec, from({ ...bodies['bert']!, layers: 1 }), key(0))).toThrow(/missing: blocks\.1\./);
  expect(() => withTrainedBody(module.spec, from(bodies['gmlp']!), key(0))).toThrow(/unexpected: .*blocks\.0\.expand/);
  expect(() => withTrainedBody(module.spec, from({ ...bodies['bert']!, channels: 4 }), key(0))).toThrow(
    /of another shape: embedding\.weight/,
  );
});

it.each([
  [{ family: 'vit' }, /expected a body of the family "bert" or "gmlp-language", got "vit"/],
  [undefined, /config\.body: expected object, got nothing/],
  [{ ...bodies['gmlp'], layres: 2 }, /config\.body\.layres: unknown; did you mean "layers"\?/],
  [{ ...bodies['bert'], heads: 3 }, /config\.body\.heads: the heads share the channels/],
])('refuses the body %j', (body, message) => {
  expect(() => createModel({ family: 'extractive-span', body } as never)).toThrow(message);
});
