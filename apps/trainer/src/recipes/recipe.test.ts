import type { GmlpError } from '@gmlp/base';
import { variantsOf } from '@gmlp/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskName } from '../tasks/table.ts';
import { applySettings } from './apply-settings.ts';
import { builtInRecipes } from './built-in.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { modelOptions, variantsFor } from './recipe-model.ts';

const sotu = builtInRecipes.get('sotu')!;

/** The least that a recipe needs. */
const least = {
  name: 'least',
  model: { variant: 'gmlp_mlm_18' },
  data: { source: 'text', path: 'books', heldOut: 2, vocabulary: 500 },
  optimiser: { peakRate: 1e-3 },
  steps: 10,
  batchSize: 4,
};

const parse = (value: unknown): Recipe => parseRecipe(value, 'mine.json');

it('fills in what may be left out', () => {
  expect(parse(least)).toEqual({
    ...least,
    claim: '',
    command: '',
    task: 'masked-language',
    seed: 0,
    device: 'auto',
    data: { ...least.data, maskRate: 0.15 },
    optimiser: {
      name: 'adamw',
      peakRate: 1e-3,
      warmupSteps: 0,
      decay: 'linear',
      weightDecay: 0.01,
      epsilon: 1e-6,
      betas: [0.9, 0.999],
      clipNorm: null,
      ema: null,
    },
    accumulate: 1,
    recordEvery: 10,
    evaluation: { every: 1000, patience: null, minDelta: 0 },
    checkpoints: { every: 1000, keep: 3 },
  });
});

it('a causal variant is trained for the next token, and no other is', () => {
  for (const { name, config } of variantsOf('gmlp-language')) {
    const fits = (task: TaskName): boolean => variantsFor(task).some((variant) => variant.name === name);
    expect([fits('masked-language'), fits('next-token')]).toEqual(config.causal ? [false, true] : [true, false]);
  }
  const recipe = parse({ ...least, task: 'next-token', model: { variant: 'gmlp_causal_base' } });
  expect(modelOptions(recipe.model, { vocabulary: 500 })).toMatchObject({ causal: true, layers: 48, vocabulary: 500 });
  expect(recipe.data).toEqual(least.data); // nothing is masked
});

describe('names what is wrong by its path', () => {
  it.each<[object, RegExp]>([
    [{ optimizer: {} }, /^ {2}optimizer: unknown; did you mean "optimiser"\?$/m],
    [{ optimiser: { peekRate: 1 } }, /^ {2}optimiser\.peekRate: unknown; did you mean "peakRate"\?$/m],
    [{ optimiser: {} }, /^ {2}optimiser\.peakRate: expected number, got nothing$/m],
    [{ model: { variant: 'gmlp_mlm_18', layres: 2 } }, /^ {2}model\.layres: unknown; did you mean "layers"\?$/m],
    [{ model: { variant: 'gmlp_mlm_18', head: { tide: true } } }, /^ {2}model\.head\.tide: unknown; did you mean "tied"\?$/m],
    [{ model: { variant: 'gmlp_mlm_18', layers: 'two' } }, /^ {2}model\.layers: expected number, got "two"$/m],
    [{ model: { variant: 'gmlp_mlm_18', head: 3 } }, /^ {2}model\.head: expected object, got 3$/m],
    [
      { model: { variant: 'gmlp_mlm_19' } },
      /^ {2}model\.variant: expected one of .*, got "gmlp_mlm_19"; did you mean "gmlp_mlm_18"\?$/m,
    ],
    [{ model: { variant: 18 } }, /^ {2}model\.variant: expected one of gmlp_base, .*, got 18$/m],
    [{ model: { variant: 'gmlp_base', family: 'gmlp-language' } }, /^ {2}model\.family: unknown beside a variant/m],
    [
      { model: { variant: 'gmlp_base', vocabulary: 7 } },
      /^ {2}model\.vocabulary: unknown; a recipe has it as data\.vocabulary$/m,
    ],
    [
      { model: { family: 'gmlp-vision' } },
      /^ {2}model\.family: the task masked-language trains gmlp-language, bert, mixer-language, got "gmlp-vision"$/m,
    ],
    [{ model: { family: 'gmlp-language' } }, /^ {2}model\.tokens: expected number, got nothing$/m],
    [
      { model: { variant: 'gmlp_causal_base' } },
      /^ {2}model\.variant: gmlp_causal_base is a causal gmlp-language; the task masked-language trains gmlp-language, bert, mixer-language: gmlp_base, /m,
    ],
    [
      { task: 'next-token' },
      /^ {2}model\.variant: gmlp_mlm_18 is a gmlp-language; the task next-token trains causal gmlp-language: gmlp_causal_base, amlp_causal_base$/m,
    ],
    [
      { model: { family: 'gmlp-language', tokens: 8, channels: 8, hiddenChannels: 8, layers: 1, causal: true } },
      /^ {2}model\.causal: the task masked-language needs false, got true, which the task next-token trains$/m,
    ],
    [
      { task: 'next-token', model: { variant: 'amlp_causal_base', causal: false } },
      /^ {2}model\.causal: the task next-token needs true, got false, which the task masked-language trains$/m,
    ],
    [
      { model: {} },
      /^ {2}model: expected a variant \(one of gmlp_base, .*\) or a family \(gmlp-language, bert, mixer-language\), got neither$/m,
    ],
    [{ model: 'gmlp_base' }, /^ {2}model: expected object, got "gmlp_base"$/m],
    [
      { task: 'classification' },
      /^ {2}task: expected one of "masked-language", "next-token", "restore", "image-classification", "text-classification", "question-answering", got "classification"$/m,
    ],
    [{ device: 'gpu' }, /^ {2}device: expected one of "auto", "ort-cuda", .*, got "gpu"$/m],
    [{ steps: 0 }, /^ {2}steps: expected more than 0, got 0$/m],
    [{ steps: 1.5 }, /^ {2}steps: expected a whole number, got 1\.5$/m],
    [{ steps: 2 ** 60 }, /^ {2}steps: expected at most 9007199254740991, got /m],
    [{ seed: -1 }, /^ {2}seed: expected at least 0, got -1$/m],
    [{ name: '../up' }, /^ {2}name: expected letters, digits, .*, got "\.\.\/up"$/m],
    [
      { optimiser: { peakRate: 1, warmupSteps: 11 } },
      /^ {2}optimiser\.warmupSteps: expected no more than the 10 steps, got 11; --set optimiser\.warmupSteps=1 is a tenth of them$/m,
    ],
    [{ optimiser: { peakRate: 1, betas: [0.9] } }, /^ {2}optimiser\.betas: expected at least 2 items, got \[0\.9\]$/m],
    [{ optimiser: { peakRate: 1, betas: [0.9, 1] } }, /^ {2}optimiser\.betas\.1: expected less than 1, got 1$/m],
    [{ optimiser: { peakRate: 1, clipNorm: 0 } }, /^ {2}optimiser\.clipNorm: expected more than 0, got 0$/m],
    [
      { optimiser: { peakRate: 1e39 } },
      /^ {2}optimiser\.peakRate: expected more than 0 and no infinity as float32, got 1e\+39$/m,
    ],
    [{ optimiser: { peakRate: 1, epsilon: 1e-46 } }, /^ {2}optimiser\.epsilon: expected more than 0 .* as float32, got 1e-46$/m],
    [{ optimiser: { peakRate: 1, ema: 0.99999999 } }, /^ {2}optimiser\.ema: expected less than 1 as float32, got 0\.99999999$/m],
    [{ batchSize: 2 ** 21 }, /^ {2}batchSize: expected at most 1048576, got 2097152$/m],
    [{ model: { variant: 'gmlp_mlm_18', tokens: 1 } }, /^ {2}model\.tokens: expected at least 2, .*, got 1$/m],
    [{ data: { ...least.data, maskRate: 1.5 } }, /^ {2}data\.maskRate: expected at most 1, got 1\.5$/m],
    [
      { task: 'next-token', model: { variant: 'gmlp_causal_base' }, data: { ...least.data, maskRate: 0.15 } },
      /^ {2}data\.maskRate: the task next-token has none, masked-language has: leave it out; --set data\.maskRate=null takes it away$/m,
    ],
    [
      { data: { ...least.data, path: undefined } },
      /^ {2}data\.path: expected where the text is, as the source is text, got nothing$/m,
    ],
    [{ data: { ...least.data, source: 'sotu' } }, /^ {2}data\.path: the source sotu is a package of its own/m],
    [
      { data: { ...least.data, heldOut: 1.5 } },
      /^ {2}data\.heldOut: expected a number of documents, or a part of the text between 0 and 1, got 1\.5$/m,
    ],
    [{ data: { ...least.data, heldOut: 0 } }, /^ {2}data\.heldOut: expected more than 0, got 0$/m],
    [{ data: { ...least.data, onBad: 'ignore' } }, /^ {2}data\.onBad: expected one of "stop", "skip", got "ignore"$/m],
    [{ evaluation: null }, /^ {2}evaluation: expected object, got null$/m],
  ])('%j', (change, message) => {
    expect(() => parse({ ...least, ...change })).toThrow(message);
    expect(() => parse({ ...least, ...change })).toThrow(/^parseRecipe: mine\.json is not a valid recipe\n/);
    expect(() => parse({ ...least, ...change })).toThrow(expect.objectContaining({ code: 'invalid-config' }));
  });

  it('a part of the text may be held out', () => {
    expect(parse({ ...least, data: { ...least.data, heldOut: 0.1, onBad: 'skip' } }).data).toMatchObject({
      heldOut: 0.1,
      onBad: 'skip',
    });
  });

  it('all of it at once', () => {
    const broken = { ...least, stps: 3, model: { variant: 'gmlp_base', layers: 0 }, optimiser: { peakRate: 'high' } };
    expect(() => parse(broken)).toThrow(
      /stps: unknown; did you mean "steps"\?\n {2}model\.layers: .*\n {2}optimiser\.peakRate: expected number, got "high"/,
    );
  });
});

it.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /mine\.json: expected plain data, got nothing/],
  ['null', null, /the recipe: expected object, got null/],
  ['a list', [least], /the recipe: expected object, got \[/],
  ['a function', () => least, /expected plain data, got a function/],
  ['a map', new Map(), /expected a plain object, got/],
  ['a bigint', { ...least, steps: 10n }, /steps: expected plain data, got a bigint/],
  ['infinity', { ...least, seed: Number.POSITIVE_INFINITY }, /seed: expected a finite number, got Infinity/],
  ['a circle', circle(), /self\.self\.self: expected at most \d+ levels, got more/],
  ['a prototype', { ...least, data: Object.create(least.data) }, /data: expected a plain object, got one with a prototype/],
])('refuses %s', (_, value, message) => {
  expect(() => parse(value)).toThrow(message);
});

function circle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

it.each(['__proto__', 'constructor', 'prototype'])('refuses the name %s wherever it stands', (name) => {
  const at = (json: string): unknown => JSON.parse(JSON.stringify(least).replace(/^\{/, `{${json},`));
  expect(() => parse(at(`"${name}":{"steps":7}`))).toThrow(new RegExp(`the name ${name} is refused`));
  expect(() => parse(at(`"evaluation":{"${name}":{"polluted":true}}`))).toThrow(
    new RegExp(`the name evaluation\\.${name} is refused`),
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

describe('whatever comes', () => {
  /** Recipes that are whole, with some values replaced by anything. */
  const nearly = fc
    .tuple(fc.array(fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.anything())), { maxLength: 3 }), fc.constantFrom(least, sotu))
    .map(([changes, recipe]) => {
      const copy = JSON.parse(JSON.stringify(recipe)) as Record<string, unknown>;
      for (const [index, value] of changes) {
        const places = placesOf(copy);
        const [node, name] = places[index % places.length]!;
        node[name] = value;
      }
      return copy;
    });

  it('either becomes a recipe that JSON keeps, or is refused with a reason; no prototype changes', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: nearly }, fc.anything({ withNullPrototype: true })), (value) => {
        let recipe: Recipe;
        try {
          recipe = parse(value);
        } catch (error) {
          expect(error).toMatchObject({ name: 'GmlpError', message: expect.stringMatching(/^parseRecipe: mine\.json/) });
          return;
        }
        accepted++;
        const again = parse(JSON.parse(JSON.stringify(recipe)));
        expect(again).toEqual(recipe);
        expect(JSON.stringify(again)).toBe(JSON.stringify(recipe));
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(10);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});

it('names what is wrong and nothing that follows from it', () => {
  const problems = (name: string, setting: string): unknown => {
    try {
      return applySettings(builtInRecipes.get(name)!, [setting]);
    } catch (error) {
      return (error as GmlpError).fields['problems'];
    }
  };
  const images = [...builtInRecipes.values()].find(({ task }) => task === 'image-classification')!;
  expect(problems(images.name, 'data.classes=1')).toEqual([{ path: ['data', 'classes'], problem: 'expected at least 2, got 1' }]);
  expect(problems('sotu', 'steps=-1')).toEqual([{ path: ['steps'], problem: 'expected more than 0, got -1' }]);
});

function placesOf(node: object): [Record<string, unknown>, string][] {
  return Object.entries(node).flatMap(([name, child]: [string, unknown]) => [
    [node as Record<string, unknown>, name] as [Record<string, unknown>, string],
    ...(typeof child === 'object' && child !== null && Object.getPrototypeOf(child) === Object.prototype ? placesOf(child) : []),
  ]);
}
