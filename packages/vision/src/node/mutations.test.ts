/** Archives with random damage: `GMLP_MUTATIONS=5000` for more of it. */
import { writeFile } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { imagesInOrder } from '../images-in-order.ts';
import { jpeg, makeTar, type TarFile } from './make-tar.ts';
import { type ImageSourceDescription, openImageSource } from './open-image-source.ts';
import { markOf } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const numRuns = Number(process.env['GMLP_MUTATIONS'] ?? 75);
const { at } = temporaryFolder();

const part = fc.record({
  from: fc.nat(1e6),
  length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(512, 1024, 1536)),
});
const change = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), part, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    kind: fc.constantFrom('fill' as const, 'remove' as const, 'repeat' as const, 'cut' as const),
    part,
    bits: fc.constantFrom(0, 0xff, 0x37),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(bytes: Buffer, { kind, part: { from, length }, bits }: Change): Buffer {
  const start = from % Math.max(1, bytes.length);
  const [before, inside, after] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ];
  if (kind === 'cut') return Buffer.from(before);
  if (kind === 'remove') return Buffer.concat([before, after]);
  if (kind === 'repeat') return Buffer.concat([before, inside, inside, after]);
  const copy = Buffer.from(bytes);
  if (kind === 'fill') copy.fill(bits, start, Math.min(copy.length, start + length));
  else if (copy.length > 0) copy[start]! ^= bits;
  return copy;
}

/** The class and the mark of each sample that can be read; whatever is wrong is one of our errors, or counted. */
async function survivors(description: ImageSourceDescription): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  try {
    const source = await openImageSource(description, { onBad: 'skip' });
    try {
      for await (const { image } of imagesInOrder(source, null, { epochs: 1, onBad: 'skip' })) {
        expect(image.label).toBeLessThan(source.classes.length);
        found.push([source.classes[image.label]!.id, markOf(image)]);
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
  }
  return found;
}

async function mutate(
  whole: Buffer,
  description: ImageSourceDescription,
  check: (seen: readonly (readonly [string, string])[]) => void,
  runs: number = numRuns,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      await writeFile(at('file'), changes.reduce(changed, whole));
      const seen = await survivors(description);
      // A tar does not say of its contents what they are: moved behind another's head they are the other's.
      if (changes.every(({ kind }) => kind !== 'remove' && kind !== 'repeat')) check(seen);
    }),
    { numRuns: runs },
  );
}

const image = (path: string): TarFile => ({ path, content: jpeg(path) });
const ofClass = (id: string): TarFile => ({
  path: `${id}.tar`,
  content: makeTar([1, 2, 3].map((n) => image(`${id}_${n}.JPEG`))),
});
/** An image that is as it was has the label that it had: its mark says which. */
const rightLabels =
  (all: readonly string[], classOf: (mark: string) => string) => (seen: readonly (readonly [string, string])[]) => {
    for (const [classId, mark] of seen) if (all.includes(mark)) expect(classId).toBe(classOf(mark));
  };

const timeout = Math.max(60_000, numRuns * 100);

test('a tar of classes', { timeout }, async () => {
  const paths = ['a/cat/1.jpg', 'a/cat/2.jpg', 'a/dog/1.jpg', 'a/dog/2.jpg', `a/${'long'.repeat(20)}/1.jpg`];
  const whole = makeTar([{ path: 'a/cat/', type: '5' }, ...paths.map(image)]);
  await mutate(
    whole,
    { format: 'tar', path: at('file'), classes: ['cat', 'dog', 'long'.repeat(20)] },
    rightLabels(paths, (mark) => mark.split('/')[1]!),
  );
});

test('a tar of tars', { timeout }, async () => {
  const ids = ['n02119789', 'n01440764', 'n02100735'];
  const marks = ids.flatMap((id) => [1, 2, 3].map((n) => `${id}_${n}.JPEG`));
  await mutate(
    makeTar(ids.map(ofClass)),
    { format: 'ilsvrc2012-train', path: at('file'), classes: [...ids].sort() },
    rightLabels(marks, (mark) => mark.slice(0, 9)),
  );
});

test('a shard', { timeout }, async () => {
  const whole = makeTar(
    [0, 1, 2, 3].flatMap((i) => [
      image(`${i}.jpg`),
      { path: `${i}.cls`, content: String(i % 3) },
      { path: `${i}.json`, content: '{"label": 1}' },
    ]),
  );
  await mutate(whole, { format: 'webdataset', path: at('file') }, () => {});
});

test('a parquet file', { timeout }, async () => {
  const data = Array.from({ length: 12 }, (_, i) => ({ bytes: jpeg(`row ${i}`), path: null }));
  const schema = [
    { name: 'root', num_children: 2 },
    { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' as const },
    { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'path', type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'label', type: 'INT64' as const },
  ];
  const columnData = [
    { name: 'image', data },
    { name: 'label', data: data.map((_, i) => BigInt(i % 3)) },
  ];
  const whole = Buffer.from(parquetWriteBuffer({ schema, columnData, rowGroupSize: 5 }));
  // Some damage is waited for until the thread is given up.
  await mutate(whole, { format: 'parquet', path: at('file') }, () => {}, Math.ceil(numRuns / 3));
});
