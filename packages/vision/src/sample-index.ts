/**
 * Which samples there are and where they lie, a column a fact: for the million images of ImageNet some 60 MB, where as many objects
 * would take a gigabyte.
 */
import { GmlpError } from '@gmlp/base';

export interface SampleIndex {
  readonly count: number;
  /** The number of the file that holds each sample. */
  readonly file: Uint32Array;
  /** Where in it the image begins, and how many bytes it has. */
  readonly offset: Float64Array;
  readonly length: Float64Array;
  readonly label: Int32Array;
  /** The names of all, one after another in UTF-8, and where each ends. */
  readonly names: Uint8Array;
  readonly nameEnds: Uint32Array;
}

export interface IndexedSample {
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly label: number;
  readonly name: string;
}

const utf8 = new TextDecoder();

export function sampleAt(index: SampleIndex, at: number): IndexedSample {
  const { file, offset, length, label, names, nameEnds } = index;
  const name = utf8.decode(names.subarray(at === 0 ? 0 : nameEnds[at - 1]!, nameEnds[at]!));
  return { file: file[at]!, offset: offset[at]!, length: length[at]!, label: label[at]!, name };
}

export interface SampleIndexBuilder {
  add(sample: IndexedSample): void;
  /** What was added. `labels` says which label stands for each that was given; the same by default. */
  build(labels?: (given: number) => number): SampleIndex;
}

export function sampleIndexBuilder(): SampleIndexBuilder {
  const encoder = new TextEncoder();
  let [capacity, count, nameBytes] = [1024, 0, 0];
  let [file, offset, length] = [new Uint32Array(capacity), new Float64Array(capacity), new Float64Array(capacity)];
  let [label, nameEnds, names] = [new Int32Array(capacity), new Uint32Array(capacity), new Uint8Array(32 * capacity)];
  return {
    add(sample) {
      if (count === capacity) {
        capacity *= 2;
        file = larger(file, new Uint32Array(capacity));
        offset = larger(offset, new Float64Array(capacity));
        length = larger(length, new Float64Array(capacity));
        label = larger(label, new Int32Array(capacity));
        nameEnds = larger(nameEnds, new Uint32Array(capacity));
      }
      const name = encoder.encode(sample.name);
      if (nameBytes + name.length > names.length) {
        if (nameBytes + name.length > 2 ** 31)
          throw new GmlpError('invalid-data', 'sampleIndex: the names of the samples take more than 2 GiB');
        names = larger(names, new Uint8Array(Math.max(2 * names.length, nameBytes + name.length)));
      }
      names.set(name, nameBytes);
      nameBytes += name.length;
      [file[count], offset[count], length[count], label[count], nameEnds[count]] = [
        sample.file,
        sample.offset,
        sample.length,
        sample.label,
        nameBytes,
      ];
      count++;
    },
    build: (labels = (given) => given) => ({
      count,
      file: file.slice(0, count),
      offset: offset.slice(0, count),
      length: length.slice(0, count),
      label: label.slice(0, count).map(labels),
      names: names.slice(0, nameBytes),
      nameEnds: nameEnds.slice(0, count),
    }),
  };
}

function larger<Column extends Uint8Array | Uint32Array | Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
