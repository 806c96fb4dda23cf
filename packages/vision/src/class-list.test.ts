import { expect, test } from 'vitest';
import { classesOfIds, parseClassList, withNames } from './class-list.ts';

test('ids of WordNet with their words, names behind a tab, names alone', () => {
  expect(parseClassList('n01440764 tench, Tinca tinca\r\nn01443537 goldfish\n', 'words.txt')).toEqual([
    { id: 'n01440764', name: 'tench, Tinca tinca' },
    { id: 'n01443537', name: 'goldfish' },
  ]);
  expect(parseClassList('\ufeffcat\ta cat\ndog\ta dog', 'names.txt')).toEqual([
    { id: 'cat', name: 'a cat' },
    { id: 'dog', name: 'a dog' },
  ]);
  expect(
    parseClassList('n02123045\nn02085620 x y\n'.split('\n').reverse().join('\n'), 'ids.txt').map(({ name }) => name),
  ).toEqual(['x y', 'n02123045']);
  expect(parseClassList('zebra\n\nlarge ape\n', 'names.txt').map(({ id }) => id)).toEqual(['zebra', 'large ape']);
});

test('an order that would give images the labels of other classes is refused, with its line', () => {
  expect(() => parseClassList('n01443537 goldfish\n\nn01440764 tench\n', 'kit.txt')).toThrow(
    /kit\.txt, line 3: n01440764 stands behind n01443537/,
  );
  expect(() => parseClassList('cat\ncat\n', 'names.txt')).toThrow('names.txt names the class cat twice');
  expect(() => parseClassList('\n', 'names.txt')).toThrow('names no class');
});

test('classes that occur are sorted, and words change no order', () => {
  const classes = classesOfIds(['n2', 'n10', 'N3', 'n2']);
  expect(classes.map(({ id }) => id)).toEqual(['N3', 'n10', 'n2']);
  expect(withNames(classes, [{ id: 'n2', name: 'two' }])).toEqual([
    { id: 'N3', name: 'N3' },
    { id: 'n10', name: 'n10' },
    { id: 'n2', name: 'two' },
  ]);
});
