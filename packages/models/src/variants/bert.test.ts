import { countParameters } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { bertFamily } from '../bert.ts';
import { createModel } from '../create-model.ts';
import { variantsOf } from '../variants.ts';

it.each(variantsOf('bert').filter(({ paper }) => paper))(
  '$name has the parameters that the paper prints, within 0.6 %',
  ({ config, paper }) => {
    expect(
      Math.abs(countParameters(bertFamily.counted(createModel(config).config).spec) / 1e6 / paper!.parameters - 1),
    ).toBeLessThan(0.006);
  },
);

it('a relative bias takes the place of the positions that are learned: 32 buckets for each of 12 heads', () => {
  const [absolute, relative] = (['bert_base', 'bert_base_relpos'] as const).map((name) =>
    countParameters(createModel(name).module.spec),
  ) as [number, number];
  expect(relative - absolute).toBe(32 * 12 - 512 * 768);
});

/** As Hugging Face counts `BertModel`, with two segments and the pooler. */
it.each([
  ['bert_base', 30_522, 109_482_240],
  ['bert_large', 30_522, 335_141_888],
  ['bert_base', 28_996, 108_310_272],
  ['bert_base', 32_000, 110_617_344],
] as const)('%s with %i pieces has %i parameters', (name, vocabulary, parameters) => {
  const { config } = createModel(name);
  expect(countParameters(bertFamily.counted({ ...config, vocabulary, segments: 2, pooler: true }).spec)).toBe(parameters);
});
