/** Batches of masked sequences, from a packed file or from memory. */
import { type HostArray, type Key, split } from '@gmlp/base';
import { type MaskedBatch, type MaskOptions, maskTokens } from './mask-tokens.ts';
import type { PackedSequences } from './packed-sequences.ts';
import { batchPosition, shuffledBatches } from './shuffled-batches.ts';

/**
 * Endless, in an order and with masks that the key decides: batch number b has the same content in every run, wherever the
 * run begins.
 */
export async function* trainingBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  mask: MaskOptions,
  first = 0,
): AsyncGenerator<MaskedBatch> {
  let number = first;
  const from = batchPosition(first, packed.count, size);
  for (const { indices } of shuffledBatches(packed.count, size, split(key, 'order'), { from })) {
    yield maskTokens(await packed.batch(indices), split(split(key, 'mask'), number++), mask);
  }
}

/** All sequences once, in their order, masked in one fixed way; the last batch is what is left. */
export async function* validationBatches(
  packed: PackedSequences,
  size: number,
  key: Key,
  mask: MaskOptions,
): AsyncGenerator<MaskedBatch> {
  for (let first = 0; first < packed.count; first += size) {
    const indices = Array.from({ length: Math.min(size, packed.count - first) }, (_, i) => first + i);
    yield maskTokens(await packed.batch(indices), split(key, first), mask);
  }
}

/** How often each piece occurs in a packed file; the special tokens, which are never masked, count as absent. */
export async function countPieces(packed: PackedSequences, specialIds: ReadonlySet<number>): Promise<Float64Array> {
  const counts = new Float64Array(packed.vocabularySize);
  const size = 256;
  for (let first = 0; first < packed.count; first += size) {
    const indices = Array.from({ length: Math.min(size, packed.count - first) }, (_, i) => first + i);
    const { data }: HostArray<'int32'> = await packed.batch(indices);
    for (const id of data) counts[id]!++;
  }
  for (const id of specialIds) counts[id] = 0;
  return counts;
}
