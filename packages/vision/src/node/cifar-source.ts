/**
 * CIFAR-10 and CIFAR-100 as their authors give them for C: records of a label, or of a coarse and a fine one, and 3,072 bytes of
 * pixels: 1,024 of red, then of green, then of blue, row by row.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { BadSamples } from '../bad-samples.ts';
import { parseClassList } from '../class-list.ts';
import type { ImageClass, ImageSource } from '../image-source.ts';
import { filePool } from './file-pool.ts';
import { expectSample } from './indexed-source.ts';

export interface CifarDescription {
  readonly format: 'cifar10' | 'cifar100';
  /** The folder of the files, `cifar-10-batches-bin` or `cifar-100-binary`. */
  readonly path: string;
  readonly split: 'train' | 'test';
  /** Of CIFAR-100: 100 classes, or 20 groups of them. `fine` by default. */
  readonly labels?: 'fine' | 'coarse';
}

const side = 32;
const pixels = side * side;

export async function openCifar(
  { format, path, split, labels = 'fine' }: CifarDescription,
  bad: BadSamples,
): Promise<ImageSource> {
  const ten = format === 'cifar10';
  const names =
    split === 'test'
      ? [ten ? 'test_batch.bin' : 'test.bin']
      : ten
        ? [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)
        : ['train.bin'];
  const [labelBytes, labelAt] = ten ? [1, 0] : [2, labels === 'fine' ? 1 : 0];
  const recordBytes = labelBytes + 3 * pixels;
  const classes = await cifarClasses(
    path,
    ten ? 'batches.meta.txt' : `${labels}_label_names.txt`,
    ten ? 10 : labels === 'fine' ? 100 : 20,
  );
  const pool = filePool(names.map((name) => join(path, name)));
  const hash = createHash('sha256').update(`${format} ${labels}`);
  const places: { readonly file: number; readonly record: number }[] = [];
  const [starts, found]: [number[], number[]] = [[], []];
  try {
    for (let file = 0; file < names.length; file++) {
      starts.push(found.length);
      await pool.use(file, async (bytes) => {
        const { size, name } = bytes;
        const records = Math.floor(size / recordBytes);
        if (size === 0 || size !== records * recordBytes) {
          throw new GmlpError(
            'invalid-data',
            `openImageSource: ${name} has ${size} bytes, expected records of ${recordBytes}; it is cut short, or no file of ${format}`,
            { file: name },
          );
        }
        for (let record = 0; record < records; record += recordsAtOnce) {
          const part = await bytes.read(record * recordBytes, Math.min(recordsAtOnce, records - record) * recordBytes);
          hash.update(part);
          for (let at = labelAt; at < part.length; at += recordBytes) {
            const label = part[at]!;
            const number = record + Math.floor(at / recordBytes);
            if (label < classes.length) {
              found.push(label);
              places.push({ file, record: number });
            } else {
              const detail = `its label is ${label}, and there are ${classes.length} classes`;
              bad.report({ file: name, offset: number * recordBytes, key: `record ${number}`, reason: 'unknown class', detail });
            }
          }
        }
      });
    }
  } catch (cause) {
    await pool.close();
    throw cause;
  }
  const all = Uint8Array.from(found);
  return {
    count: all.length,
    classes,
    skipped: bad.counts,
    fingerprint: hash.digest('hex'),
    label: (at) => all[expectSample(at, all.length)]!,
    async read(at, { signal } = {}) {
      const { file, record } = places[expectSample(at, all.length)]!;
      const offset = record * recordBytes + labelBytes;
      const planes = await pool.use(file, (bytes) => bytes.read(offset, 3 * pixels, signal));
      const bytes = new Uint8Array(3 * pixels);
      for (let i = 0; i < bytes.length; i++) bytes[i] = planes[(i % 3) * pixels + Math.floor(i / 3)]!;
      const from = { file: pool.names[file]!, offset, key: `record ${record}` };
      return { bytes, encoding: { kind: 'rgb', width: side, height: side }, label: all[at]!, from };
    },
    close: () => pool.close(),
  };
}

const recordsAtOnce = 1000;

/** The names in the file beside the batches; the numbers where there is none. */
async function cifarClasses(folder: string, file: string, count: number): Promise<readonly ImageClass[]> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return Array.from({ length: count }, (_, label) => ({ id: String(label), name: String(label) }));
  const classes = parseClassList(text, path);
  if (classes.length === count) return classes;
  throw new GmlpError('invalid-data', `openImageSource: ${path} names ${classes.length} classes, expected ${count}`, {
    file: path,
  });
}
