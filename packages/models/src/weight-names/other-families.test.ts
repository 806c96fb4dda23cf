import { expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { huggingFaceBertNames } from './hugging-face-bert.ts';
import { writeLucidrains } from './lucidrains.ts';
import { timmNames } from './timm.ts';

const { config: mixer } = createModel('mixer_mlm_18');
const { config: gmlp } = createModel('gmlp_s16_224');

it.each([
  [
    'timmNames',
    () => timmNames(mixer as never),
    /a family of "gmlp-vision", "mixer-vision", "resmlp", "vit", got "mixer-language"/,
  ],
  [
    'writeLucidrains',
    () => writeLucidrains({ config: mixer, params: {} } as never),
    /the family "gmlp-language", got "mixer-language"/,
  ],
  ['huggingFaceBertNames', () => huggingFaceBertNames(gmlp as never), /a family of "bert", .*, got "gmlp-vision"/],
] as const)('%s refuses a config of another family', (source, act, message) => {
  expect(act).toThrow(message);
  expect(act).toThrow(`${source}: expected a config of`);
});
