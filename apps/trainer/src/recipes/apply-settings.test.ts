import type { AdamWSettings } from '@gmlp/training';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MaskedLanguageData } from '../tasks/masked-language.ts';
import { applySettings } from './apply-settings.ts';
import { builtInRecipes } from './built-in.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { recipePaths } from './recipe-paths.ts';
import { sotu as ofSotu } from './sotu.ts';

const sotu = builtInRecipes.get('sotu')!;

it.each<[string, (recipe: Recipe) => unknown, unknown]>([
  ['optimiser.peakRate=1e-3', ({ optimiser }) => optimiser.peakRate, 1e-3],
  ['optimiser.betas=[0.8, 0.95]', ({ optimiser }) => (optimiser as AdamWSettings).betas, [0.8, 0.95]],
  ['optimiser.betas.1=0.95', ({ optimiser }) => (optimiser as AdamWSettings).betas, [0.9, 0.95]],
  ['optimiser.clipNorm=1', ({ optimiser }) => optimiser.clipNorm, 1],
  ['optimiser.clipNorm=null', ({ optimiser }) => optimiser.clipNorm, null],
  [' steps = 300', ({ steps }) => steps, 300],
  ['name=short', ({ name }) => name, 'short'],
  ['name="quoted"', ({ name }) => name, 'quoted'],
  ['name=2026', ({ name }) => name, '2026'],
  ['claim=a=b', ({ claim }) => claim, 'a=b'],
  ['claim=', ({ claim }) => claim, ''],
  ['claim=[not json', ({ claim }) => claim, '[not json'],
  ['device=tfjs-cpu', ({ device }) => device, 'tfjs-cpu'],
  ['data.tokenizer=my/tokenizer.json', ({ data }) => (data as MaskedLanguageData).tokenizer, 'my/tokenizer.json'],
  ['model.layers=2', ({ model }) => model, { ...sotu.model, layers: 2 }],
  ['model.head.tied=false', ({ model }) => 'head' in model && model.head, { ...ofSotu.model.head, tied: false }],
  ['model.causal=false', ({ model }) => 'causal' in model && model.causal, false],
  ['model.spatialWeight=null', ({ model }) => 'spatialWeight' in model, false],
  ['model.variant=gmlp_mlm_18', ({ model }) => model, { variant: 'gmlp_mlm_18' }],
  ['model={"variant":"gmlp_base","layers":2}', ({ model }) => model, { variant: 'gmlp_base', layers: 2 }],
  ['paper={"table":4,"row":"gMLP 18","perplexity":5.25}', ({ paper }) => paper?.perplexity, 5.25],
])('%s', (setting, read, expected) => {
  expect(read(applySettings(sotu, [setting]))).toEqual(expected);
});

it('what replaces other settings goes first, wherever it stands: none that was asked for is lost', () => {
  expect(applySettings(sotu, ['model.layers=2', 'model.variant=gmlp_mlm_18']).model).toEqual({
    variant: 'gmlp_mlm_18',
    layers: 2,
  });
  expect(applySettings(sotu, ['optimiser.momentum=0.5', 'optimiser.name=sgd']).optimiser).toMatchObject({
    name: 'sgd',
    momentum: 0.5,
  });
});

it('applies settings in their order and checks only what comes out', () => {
  const settings = [
    'data.source=text',
    'data.path=books',
    'model.variant=gmlp_mlm_18',
    'model.layers=2',
    'steps=100',
    'steps=500',
  ];
  const { model, steps, data } = applySettings(sotu, settings);
  expect({ model, steps, path: data.path }).toEqual({
    model: { variant: 'gmlp_mlm_18', layers: 2 },
    steps: 500,
    path: 'books',
  });
  expect(applySettings(sotu, ['data.source=text', 'data.path=books', 'data.source=sotu', 'data.path=null'])).toEqual(sotu);
});

it('a recipe made causal has no mask rate, which must be taken away', () => {
  const causal = ['task=next-token', 'model.causal=true'];
  expect(() => applySettings(sotu, causal)).toThrow(/data\.maskRate: the task next-token has none, .*data\.maskRate=null/);
  const recipe = applySettings(sotu, [...causal, 'data.maskRate=null']);
  expect('maskRate' in recipe.data).toBe(false);
  expect(applySettings(recipe, ['task=masked-language', 'model.causal=null'])).toEqual({
    ...sotu,
    claim: '',
    command: '',
  });
});

it.each<[string, RegExp]>([
  ['optimizer.peekRate=1', /a recipe has no optimizer\.peekRate; did you mean optimiser\.peakRate\?/],
  ['peakRate=1', /a recipe has no peakRate; did you mean optimiser\.peakRate\?/],
  ['model.layres=1', /a recipe has no model\.layres; did you mean model\.layers\?/],
  ['model.vocabulary=1', /a recipe has no model\.vocabulary; did you mean data\.vocabulary\?/],
  ['optimiser.betas.2=1', /a recipe has no optimiser\.betas\.2; did you mean optimiser\.betas\.0\?/],
  ['model.head.tied.x=1', /a recipe has no model\.head\.tied\.x; there are /],
  ['colour=red', /a recipe has no colour; there are name, claim, command, paper, task, seed, .*checkpoints/],
  ['data.colour=red', /a recipe has no data\.colour; there are data\.source, data\.path, /],
  ['steps', /expected path=value, as in --set optimiser\.peakRate=1e-3/],
  ['=3', /expected path=value/],
  ['steps=many', /steps: expected number, got "many"/],
  ['steps="300"', /steps: expected number, got "300"/],
  [
    'model={family:bert}',
    /--set model=\{family:bert\}: the value is not JSON; in a shell put quotes around it all: --set 'model=\{"variant"/,
  ],
  ['steps=null', /steps: expected number, got null/],
  ['steps=1e999', /--set steps=1e999: expected a finite number, got Infinity/],
  ['claim=null', /claim: expected string, got null/],
  ['optimiser=null', /optimiser: expected object, got null/],
  ['optimiser.betas=0.9', /optimiser\.betas: expected a list, got 0\.9/],
  ['model.variant=gmlp_mlm_19', /model\.variant: expected one of .* did you mean "gmlp_mlm_18"\?/],
  ['model.family=null', /model: expected a variant/],
  ['paper.row=x', /paper\.table: expected number, got nothing/],
  ['__proto__.polluted=1', /the name __proto__ is refused/],
  ['optimiser.__proto__.polluted=1', /the name optimiser\.__proto__ is refused/],
  ['constructor.prototype.polluted=1', /the name constructor is refused/],
  ['data={"__proto__":{"polluted":1}}', /the name __proto__ is refused/],
  ['model={"head":{"constructor":1}}', /the name head\.constructor is refused/],
])('refuses %s', (setting, message) => {
  expect(() => applySettings(sotu, [setting])).toThrow(message);
  expect(() => applySettings(sotu, [setting])).toThrow(/--set /); // the message leads back to the command line
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('a value in the place of an object leaves no room for what is inside', () => {
  expect(() => applySettings(sotu, ['optimiser=3', 'optimiser.ema=0.9'])).toThrow(/expected an object to hold "ema", got 3/);
});

it('any settings give a recipe that JSON keeps, or are refused with a reason', () => {
  const anyPath = fc.oneof(
    fc.constantFrom(...recipePaths.keys()),
    fc
      .array(fc.oneof(fc.constantFrom('model', 'optimiser', '__proto__', 'constructor', '0'), fc.string()))
      .map((parts) => parts.join('.')),
  );
  const value = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc.string(),
    fc.constantFrom('null', 'true', '1', '0.5', 'gmlp_base', 'text', 'auto'),
  );
  const fine = fc.constantFrom(
    'steps=300',
    'optimiser.clipNorm=1',
    'model.layers=2',
    'claim=',
    'model.variant=gmlp_base',
    'seed=7',
  );
  const setting = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(anyPath, value).map(([path, text]) => `${path}=${text}`) },
    { weight: 4, arbitrary: fine },
    fc.string(),
  );
  const before = Object.getOwnPropertyNames(Object.prototype);
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(setting, { minLength: 1, maxLength: 3 }), (settings) => {
      let recipe: Recipe;
      try {
        recipe = applySettings(sotu, settings);
      } catch (error) {
        expect(error).toMatchObject({ name: 'GmlpError', message: expect.stringContaining('--set') });
        return;
      }
      accepted++;
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)), 'again')).toEqual(recipe);
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(5);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

it('every path of a recipe can be set to the value that it has', () => {
  for (const recipe of builtInRecipes.values()) {
    for (const name of recipePaths.keys()) {
      const value = name
        .split('.')
        .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], recipe);
      if (value !== undefined) expect(applySettings(recipe, [`${name}=${JSON.stringify(value)}`])).toEqual(recipe);
    }
  }
});

it('another optimiser keeps rates and what is done around it, and takes its own defaults for the rest', () => {
  const clipped = ['optimiser.clipNorm=1', 'optimiser.ema=0.9'];
  const { optimiser } = applySettings(sotu, [...clipped, 'optimiser.name=lion', 'optimiser.peakRate=3e-4']);
  expect(optimiser).toEqual({
    ...{ name: 'lion', peakRate: 3e-4, warmupSteps: 240, decay: 'linear', weightDecay: 0.01, betas: [0.9, 0.99] },
    ...{ clipNorm: 1, ema: 0.9 },
  });
  expect(applySettings(sotu, ['optimiser.name=sgd', 'optimiser.momentum=0.5']).optimiser).toMatchObject({ momentum: 0.5 });
  expect(applySettings(sotu, ['optimiser.name=adamw']).optimiser).toEqual(sotu.optimiser);
  expect(() => applySettings(sotu, ['optimiser.name=lion', 'optimiser.epsilon=1e-8'])).toThrow(
    /^ {2}optimiser\.epsilon: lion has none, adamw has: leave it out; --set optimiser\.epsilon=null takes it away$/m,
  );
  expect(() => applySettings(sotu, ['optimiser.name=adam'])).toThrow(
    /optimiser\.name: expected one of adamw, lion, sgd, got "adam"/,
  );
});
