import { inflateSync } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import { expect, test } from 'vitest';
import { type MatValue, readMatFile } from '../mat-file.ts';
import { metaMat } from './kit-file.ts';

const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes, { maxOutputLength: 2 ** 20 });

/** By SciPy: `x` is [[1.5, -2]], `t` is 'häß', `i` an int16 of 300, nothing compressed. */
const plain = Buffer.from(
  'TUFUTEFCIDUuMCBNQVQtZmlsZSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAAAAAAAAABSU0OAAAAQAAAAAYAAAAIAAAABgAAAAAAAAAFAAAACAAAAAEAAAACAAAAAQABAHgA' +
    'AAAJAAAAEAAAAAAAAAAAAPg/AAAAAAAAAMAOAAAAOAAAAAYAAAAIAAAABAAAAAAAAAAFAAAACAAAAAEAAAADAAAAAQABAHQAAAAQAAAABQAAAGjDpMOf' +
    'AAAADgAAADAAAAAGAAAACAAAAAoAAAAAAAAABQAAAAgAAAABAAAAAQAAAAEAAQBpAAAAAwACACwBAAA=',
  'base64',
);

test('numbers and texts of several types', () => {
  expect(Object.fromEntries(readMatFile(plain, 'plain.mat', inflate))).toEqual({
    x: { kind: 'numbers', values: [1.5, -2] },
    t: { kind: 'text', text: 'häß' },
    i: { kind: 'numbers', values: [300] },
  });
});

test('a compressed table', () => {
  const table = readMatFile(metaMat, 'meta.mat', inflate).get('synsets') as Extract<MatValue, { kind: 'table' }>;
  expect(table.rows.map((row) => row.get('WNID'))).toEqual(
    ['n02119789', 'n02100735', 'n01440764', 'n00001740'].map((text) => ({ kind: 'text', text })),
  );
  expect(table.rows.map((row) => row.get('num_children'))).toEqual(
    [0, 0, 0, 2].map((value) => ({ kind: 'numbers', values: [value] })),
  );
  expect(table.rows[3]!.get('children')).toEqual({ kind: 'numbers', values: [1, 2] });
});

test('one that is cut or changed is an error or another value, and takes no more memory than it has bytes', () => {
  const table = inflateSync(metaMat.subarray(136));
  const open = Buffer.concat([metaMat.subarray(0, 128), table]);
  expect(readMatFile(open, 'open.mat', inflate).get('synsets')).toMatchObject({ kind: 'table' });
  const read = (bytes: Buffer): void => {
    try {
      readMatFile(bytes, 'open.mat', inflate);
    } catch (error) {
      if (!GmlpError.isInstance(error)) throw error;
      expect(error.message).toContain('open.mat');
    }
  };
  for (let at = 0; at < open.length; at += 3) {
    read(open.subarray(0, at));
    const changed = Buffer.from(open);
    changed[at]! ^= 0xff;
    read(changed);
  }
});
