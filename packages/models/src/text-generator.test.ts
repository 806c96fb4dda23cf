/** What is refused before any model runs; that the generator says what the model does is checked on every device. */
import { key } from '@gmlp/base';
import { expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import type { ParametersOf } from './families.ts';
import type { GmlpLanguageOptions } from './gmlp-language.ts';
import { type GenerateOptions, type ModelDevice, textGenerator } from './text-generator.ts';

const unused = (): never => expect.unreachable('the device was asked');
const compiled = Object.assign(async () => unused(), { dispose: async () => unused() });
const device: ModelDevice = { compile: () => compiled, put: unused, read: async () => unused() };
const config: GmlpLanguageOptions = {
  family: 'gmlp-language',
  vocabulary: 11,
  tokens: 5,
  channels: 6,
  hiddenChannels: 8,
  layers: 1,
  causal: true,
};
const params = {} as unknown as ParametersOf<'gmlp-language'>;

it('refuses a model that sees later tokens', () => {
  expect(() => textGenerator(device, createModel({ ...config, causal: false }))).toThrow(
    /expected a causal model, got one whose/,
  );
});

it.each<[number[], Partial<GenerateOptions>, RegExp]>([
  [[], {}, /expected a prompt of 1 to 4 tokens, as the model reads 5 with the text, got 0/],
  [[1, 2, 3, 4, 5], {}, /expected a prompt of 1 to 4 tokens, .* got 5/],
  [[1, 11], {}, /expected ids from 0 to 10, got 11 at element 1/],
  [[-1], {}, /expected ids from 0 to 10, got -1 at element 0/],
  [[1], { maximumTokens: 0 }, /expected maximumTokens to be a whole number of at least 1, got 0/],
  [[1], { sampling: { key: key(0), temperature: 0 } }, /expected temperature to be a number above 0, got 0/],
  [[1], { signal: AbortSignal.abort() }, /stopped after 0 tokens/],
])('refuses the prompt %j with %j', async (prompt, options, message) => {
  const generate = textGenerator(device, createModel(config));
  await expect(generate(params, prompt, { end: 3, ...options })).rejects.toThrow(message);
  await expect(generate(params, prompt, { end: 3, ...options })).rejects.toMatchObject({ name: 'GmlpError' });
});
