import { expect, it } from 'vitest';
import { isForeignConfig } from './pretrained-format.ts';

it.each([
  [true, { architecture: 'gmlp_s16_224' }],
  [true, { model_type: 'bert' }],
  [false, { format: 'gmlp-model', version: 1, model: { architecture: 'gmlp_s16_224' } }],
  [false, { format: 'gmlp-model', architecture: 'gmlp_s16_224' }],
  [false, { model_type: 'llama' }],
  [false, { architecture: 7 }],
  [false, []],
  [false, null],
  [false, 'bert'],
])('%s: %j is of another implementation', (foreign, config) => {
  expect(isForeignConfig(config)).toBe(foreign);
});
