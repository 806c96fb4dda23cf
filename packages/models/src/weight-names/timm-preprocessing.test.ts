import { expect, it } from 'vitest';
import { timmPreprocessing } from './timm-preprocessing.ts';

const told = {
  ...{ input_size: [3, 224, 224], crop_pct: 0.9, crop_mode: 'center', interpolation: 'bilinear' },
  ...{ mean: [0.5, 0.5, 0.5], std: [0.25, 0.5, 0.5] },
};
const transform = {
  ...{ size: 224, cropFraction: 0.9, interpolation: 'bilinear' },
  ...{ mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.5, 0.5] },
};

it('is what pretrained_cfg says, with timm’s defaults for what it leaves out', () => {
  expect(timmPreprocessing({ pretrained_cfg: told })).toEqual({ classes: [], transform });
  expect(timmPreprocessing({ pretrained_cfg: { input_size: [3, 384, 384] } })!.transform).toEqual({
    ...{ size: 384, cropFraction: 0.875, interpolation: 'bicubic' },
    ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  });
});

it('has the classes that the config names, with their descriptions', () => {
  const named = { pretrained_cfg: told, label_names: ['n01', 'n02'], label_descriptions: { n01: 'tench' } };
  expect(timmPreprocessing(named)!.classes).toEqual([
    { id: 'n01', name: 'tench' },
    { id: 'n02', name: 'n02' },
  ]);
});

it.each([
  [{}],
  [{ pretrained_cfg: {} }],
  [{ pretrained_cfg: { ...told, crop_mode: 'squash' } }],
  [{ pretrained_cfg: { ...told, interpolation: 'random' } }],
  [{ pretrained_cfg: { ...told, input_size: [3, 224, 160] } }],
  [{ pretrained_cfg: { ...told, std: [0, 1, 1] } }],
])('says nothing of %j', (config) => {
  expect(timmPreprocessing(config)).toBeUndefined();
});
