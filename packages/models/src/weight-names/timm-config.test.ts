import { expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { timmOptions } from './timm-config.ts';

const published = {
  architecture: 'gmlp_s16_224',
  num_classes: 1000,
  num_features: 256,
  pretrained_cfg: { tag: 'ra3_in1k', input_size: [3, 224, 224], mean: [0.5, 0.5, 0.5], crop_pct: 0.875 },
};

it('is the variant of the architecture, with as many classes', () => {
  expect(createModel(timmOptions(published)).config).toEqual(createModel('gmlp_s16_224').config);
  expect(timmOptions({ ...published, global_pool: 'avg' })).toEqual(timmOptions(published));
  const fewer = createModel(timmOptions({ ...published, architecture: 'deit_tiny_distilled_patch16_224', num_classes: 10 }));
  expect(fewer.config).toMatchObject({ family: 'vit', distilled: true, head: { classes: 10 } });
});

it.each([
  [{ ...published, architecture: 'gmlp_s32_224' }, /no model for the architecture "gmlp_s32_224"; the nearest is gmlp_s16_224/],
  [{ ...published, architecture: 'resnet50' }, /no model for the architecture "resnet50"\n {2}known: gmlp_ti16_224, /],
  [{ ...published, model_args: { img_size: 384 } }, /changes its architecture by model_args {"img_size":384}/],
  [{ ...published, global_pool: '' }, /global_pool ""; a gmlp_s16_224 of ours pools by "avg"/],
  [{ ...published, architecture: 'deit_tiny_patch16_224', global_pool: 'avg' }, /global_pool "avg"; .* by "token"/],
  [{ ...published, global_pool: 3 }, /config.global_pool: expected string, got 3/],
  [{ ...published, num_classes: 0 }, /config.num_classes: expected more than 0, got 0/],
  [{ num_classes: 10 }, /config.architecture: expected string, got nothing/],
  ['gmlp_s16_224', /expected object, got "gmlp_s16_224"/],
])('refuses %j', (config, message) => {
  expect(() => timmOptions(config)).toThrow(message);
});
