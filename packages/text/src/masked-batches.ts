/** Batches from a packed file or from memory: masked sequences, or what comes after each token. */
import { type HostArray, type Key, split } from '@gmlp/base';
import { type MaskedBatch, type MaskOptions, maskTokens } from './mask-tokens.ts';
import { nextTokenBatch } from './next-token-batch.ts';
import type { PackedSequences } from './packed-sequences.ts';
import { batchPosition, shuffledBatches } from './shuffled-batches.ts';

/** What is asked of the model: what stood at the masks, or the next token everywhere. */
export type Asked = MaskOptions | 'next-token';

function askedOf(ids: HostArray<'int32'>, key: Key, asked: Asked): MaskedBatch {
  return asked === 'next-token' ? nextTokenBatch(ids) : maskTokens(ids, key, asked);
}

/**
 * Endless, in an order and with masks that the key decides: batch number b has the same content in every run, wherever the
 * run begins.
 */
export async function* trainingBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  asked: Asked,
  first = 0,
): AsyncGenerator<MaskedBatch> {
  let number = first;
  const from = batchPosition(first, packed.count, size);
  for (const { indices } of shuffledBatches(packed.count, size, split(key, 'order'), { from })) {
    yield askedOf(await packed.batch(indices), split(split(key, 'mask'), number++), asked);
  }
}

/** All sequences once, in their order, masked in one fixed way; the last batch is what is left. */
export async function* validationBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  asked: Asked,
): AsyncGenerator<MaskedBatch> {
  for (let first = 0; first < packed.count; first += size) {
    const indices = Array.from({ length: Math.min(size, packed.count - first) }, (_, i) => first + i);
    yield askedOf(await packed.batch(indices), split(key, first), asked);
  }
}

/** How often each piece occurs in a packed file; those that are never asked for count as absent. */
export async function countPieces(packed: PackedSequences, never: ReadonlySet<number>): Promise<Float64Array> {
  const counts = new Float64Array(packed.vocabularySize);
  const size = 256;
  for (let first = 0; first < packed.count; first += size) {
    const indices = Array.from({ length: Math.min(size, packed.count - first) }, (_, i) => first + i);
    const { data }: HostArray<'int32'> = await packed.batch(indices);
    for (const id of data) counts[id]!++;
  }
  for (const id of never) counts[id] = 0;
  return counts;
}
