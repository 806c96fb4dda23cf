import { expect, it } from 'vitest';
import { formatLabels, labelsFile, readLabels } from './labels-file.ts';

const read = (text: string) => readLabels(new Map([[labelsFile, text]]));

it('gives back what was written', () => {
  for (const labels of [
    { classes: ['a', 'b'], glue: 'mrpc' as const },
    { classes: ['a', 'b', 'c'], first: 'x', second: 'y', label: 'z' },
  ])
    expect(read(formatLabels(labels))).toEqual(labels);
});

it('refuses what is none', () => {
  const whole = JSON.parse(formatLabels({ classes: ['a', 'b'] })) as object;
  const changed = (changes: object): string => JSON.stringify({ ...whole, ...changes });
  expect(() => readLabels(new Map())).toThrow('no labels.json');
  expect(() => read('{')).toThrow('labels.json');
  expect(() => read(changed({ version: 2 }))).toThrow('update gmlp');
  expect(() => read(changed({ classes: 'a' }))).toThrow('list of names');
  expect(() => read(changed({ first: 1 }))).toThrow('expected first to be a text');
  expect(() => read(changed({ glue: 'toString' }))).toThrow('no task of GLUE');
});
