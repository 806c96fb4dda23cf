/** Batches from a packed file or from memory: masked sequences, or what comes after each token. */
import { expectIndices, type HostArray, type Key, split } from '@gmlp/base';
import { type MaskedBatch, type MaskOptions, maskTokens } from './mask-tokens.ts';
import { nextTokenBatch } from './next-token-batch.ts';
import type { PackedSequences } from './packed-sequences.ts';
import { type BatchShare, batchPosition, shuffledBatches } from './shuffled-batches.ts';

/** What is asked of the model: what stood at the masks, or the next token everywhere. */
export type Asked = MaskOptions | 'next-token';

/** Masked by the numbers of the sequences, so that no mask depends on how they are put into batches. */
async function batchOf(packed: PackedSequences, indices: ArrayLike<number>, key: Key, asked: Asked): Promise<MaskedBatch> {
  const ids = await packed.batch(indices);
  return asked === 'next-token' ? nextTokenBatch(ids) : maskTokens(ids, key, asked, indices);
}

/**
 * Endless, in an order and with masks that the key decides: batch number b has the same content in every run, wherever the
 * run begins. Processes that share a batch have each their rows of it. A sequence is masked anew in each epoch, the same way whatever batch it is in.
 */
export async function* trainingBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  asked: Asked,
  first = 0,
  share?: BatchShare,
): AsyncGenerator<MaskedBatch> {
  const mask = split(key, 'mask');
  const from = batchPosition(first, packed.count, size);
  let { epoch } = from;
  for (const { indices, next } of shuffledBatches(packed.count, size, split(key, 'order'), { from, ...(share && { share }) })) {
    yield batchOf(packed, indices, split(mask, epoch), asked);
    epoch = next.epoch;
  }
}

/** All sequences once, in their order, masked in one way whatever the size of a batch; the last batch is what is left. */
export async function* validationBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  asked: Asked,
): AsyncGenerator<MaskedBatch> {
  for (let first = 0; first < packed.count; first += size) {
    const indices = Array.from({ length: Math.min(size, packed.count - first) }, (_, i) => first + i);
    yield batchOf(packed, indices, key, asked);
  }
}

/**
 * How often each piece occurs in packed sequences; those that are never asked for count as absent. Of more than `most` sequences so
 * many are counted, evenly spread: more tell nothing new of how often a piece is there.
 */
export async function countPieces(
  packed: PackedSequences,
  never: ReadonlySet<number>,
  most: number = 2 ** 20,
): Promise<Float64Array> {
  const counts = new Float64Array(packed.vocabularySize);
  const size = 256;
  const counted = Math.min(packed.count, most);
  for (let first = 0; first < counted; first += size) {
    const indices = Array.from({ length: Math.min(size, counted - first) }, (_, i) =>
      Math.floor(((first + i) * packed.count) / counted),
    );
    const { data }: HostArray<'int32'> = await packed.batch(indices);
    expectIndices('countPieces', data, {
      what: 'id',
      count: counts.length,
      advice: 'was the text packed with another tokenizer?',
    });
    for (const id of data) counts[id]!++;
  }
  for (const id of never) counts[id] = 0;
  return counts;
}
