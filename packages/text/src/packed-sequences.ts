/** Sequences of one length, ready to be masked: a packed file is one, and so is a list in memory. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';

export interface PackedSequences {
  readonly count: number;
  readonly vocabularySize: number;
  /** Ids `[batch, tokens]` of the sequences with these indices, in their order. */
  batch(indices: ArrayLike<number>): Promise<HostArray<'int32'>>;
}

/** Sequences that fit into memory, as `packDocuments` gives them. */
export function packedInMemory(sequences: readonly Int32Array[], vocabularySize: number): PackedSequences {
  const tokens = sequences[0]?.length ?? 0;
  const uneven = sequences.find(({ length }) => length !== tokens);
  if (uneven) {
    throw new GmlpError(
      'invalid-argument',
      `packedInMemory: expected sequences of one length, got ${tokens} and ${uneven.length}; pack them together`,
    );
  }
  return {
    count: sequences.length,
    vocabularySize,
    async batch(indices) {
      const ids = new Int32Array(indices.length * tokens);
      for (const [row, index] of Array.from(indices).entries()) {
        const sequence = sequences[index];
        if (sequence === undefined) {
          throw new GmlpError(
            'invalid-argument',
            `packedInMemory: there is no sequence ${index}; there are ${sequences.length}`,
            { index },
          );
        }
        ids.set(sequence, row * tokens);
      }
      return hostArray('int32', [indices.length, tokens], ids);
    },
  };
}
