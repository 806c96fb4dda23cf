import { expect, it } from 'vitest';
import { isFolderName } from './folder-name.ts';

it.each(['sotu', 'gmlp-mlm-18', 'v1.2', 'console', 'com10', 'nullable', '.hidden', 'über alles'])(
  '%s can be a folder',
  (name) => {
    expect(isFolderName(name)).toBe(true);
  },
);

it.each([
  'CON',
  'con',
  'nul.txt',
  'Aux.tar.gz',
  'COM1',
  'lpt9',
  'a.',
  'a..',
  'a ',
  '',
  'a:b',
  'a?',
  'a*',
  'a|b',
  '<a>',
  'a"b',
  'a\\b',
  'a\nb',
])('%j cannot', (name) => {
  expect(isFolderName(name)).toBe(false);
});
