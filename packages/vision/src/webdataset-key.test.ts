import { expect, test } from 'vitest';
import { webDatasetName } from './webdataset-key.ts';

test.each([
  ['0001.jpg', { key: '0001', part: 'jpg' }],
  ['a/b.c/0001.left.JPG', { key: 'a/b.c/0001', part: 'left.jpg' }],
  ['./0001.cls', { key: './0001', part: 'cls' }],
  ['README', undefined],
  ['a/.hidden', undefined],
  ['a.b/', undefined],
])('%s', (path, expected) => {
  expect(webDatasetName(path)).toEqual(expected);
});
