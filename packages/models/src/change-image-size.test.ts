import { readFileSync } from 'node:fs';
import { type HostArray, hostArray, key } from '@gmlp/base';
import { initialValues, loadStrict, type Spec, toNamed } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { changeImageSize } from './change-image-size.ts';
import { createModel } from './create-model.ts';
import type { ModelOptions } from './families.ts';

interface Golden {
  readonly old: number;
  readonly new: number;
  readonly leading: 1 | 2;
  readonly positions: readonly number[];
  readonly resampled: readonly number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../goldens/positions.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Golden[];
};

const shared = { patchSize: 4, channels: 2, hiddenChannels: 4, layers: 1, head: { classes: 3 } } as const;
function small(options: object) {
  const created = createModel({ ...shared, imageSize: 12, ...options } as ModelOptions);
  return { ...created, params: initialValues(created.module.spec as Spec<object>, key(1)) as object };
}

it.each(cases)('a ViT of $old x $old patches sees $new x $new: its positions are timm’s', (golden) => {
  const { old, leading } = golden;
  const model = small({ family: 'vit', imageSize: 4 * old, heads: 1, distilled: leading === 2 });
  const shape = [leading + old ** 2, 2];
  const params = { ...model.params, positions: hostArray('float32', shape, Float32Array.from(golden.positions)) };
  const resized = changeImageSize({ ...model, params }, 4 * golden.new);
  const { positions, ...rest } = resized.params as { readonly positions: HostArray };
  expect(positions.shape).toEqual([leading + golden.new ** 2, 2]);
  for (const [i, value] of golden.resampled.entries()) expect(positions.data[i]).toBeCloseTo(value, 5);
  const { positions: _, ...before } = params;
  expect(rest).toEqual(before);
  expect(() => loadStrict(resized.module.spec as Spec<object>, toNamed<HostArray>(resized.params))).not.toThrow();
});

it('the size that it has changes nothing', () => {
  const model = small({ family: 'gmlp-vision' });
  expect(changeImageSize(model, 12).params).toBe(model.params);
});

it.each([
  [{ family: 'gmlp-vision' }, 16, /a gmlp-vision sees images of 12 pixels alone, as its weights over the 9 patches belong/],
  [{ family: 'mixer-vision', tokenHidden: 4 }, 16, /a mixer-vision sees images of 12 pixels alone/],
  [{ family: 'resmlp' }, 16, /a resmlp sees images of 12 pixels alone/],
  [{ family: 'vit', heads: 1 }, 18, /a size that patches of 4 pixels fill, got 18/],
  [{ family: 'vit', heads: 1 }, 0, /got 0/],
])('refuses %j at %d', (options, size, message) => {
  expect(() => changeImageSize(small(options), size)).toThrow(message);
});
