import { countParameters } from '@gmlp/layers';
import { describe, expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { gmlpLanguageFamily } from '../gmlp-language.ts';
import { variantsOf } from '../variants.ts';

describe.each(variantsOf('gmlp-language'))('$name', ({ name, config, paper }) => {
  const body = gmlpLanguageFamily.counted(createModel(config).config);

  it('has the parameters that the paper prints, within 0.6 %', () => {
    if (paper) expect(Math.abs(countParameters(body.spec) / 1e6 / paper.parameters - 1)).toBeLessThan(0.006);
    else expect(name).toMatch(/^amlp_mlm_|_causal_/); // the paper prints nothing of these
  });

  it('has as many parameters as the formula says', () => {
    const {
      vocabulary: v,
      tokens: n,
      channels: d,
      hiddenChannels: f,
      layers,
      gate,
      attentionChannels: a,
    } = createModel(name).config;
    const g = gate === 'split' ? f / 2 : f;
    const attention = a > 0 ? d * 3 * a + 3 * a + a * g + g : 0;
    const block = 2 * d + (d * f + f) + 2 * g + (2 * n - 1 + n) + attention + (g * d + d);
    expect(countParameters(body.spec)).toBe(v * d + layers * block + 2 * d);
    // The head: BERT's dense, norm and output bias; the output's matrix is the embedding.
    expect(countParameters(createModel(name).module.spec)).toBe(countParameters(body.spec) + d * d + d + 2 * d + v);
  });
});
