/** Which documents of a shard were there before, in earlier shards or in the shard itself: told from hashes, in bounded memory. */
import { GmlpError } from '@gmlp/base';
import { readDocumentHashes } from './document-hashes.ts';

export interface RepeatedDocuments {
  /** Whether a document of this hash came before; the first of the whole corpus did not. */
  isRepeated(hash: bigint): boolean;
}

/** `own` and `earlier` are files of hashes. Memory: 9 bytes a document of the shard itself. */
export async function repeatedDocuments(own: string, earlier: readonly string[]): Promise<RepeatedDocuments> {
  const chunks: BigUint64Array[] = [];
  for await (const chunk of readDocumentHashes(own)) chunks.push(chunk);
  const hashes = new BigUint64Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const chunk of chunks) {
    hashes.set(chunk, filled);
    filled += chunk.length;
  }
  const seen = new Uint8Array(hashes.length);
  for (const path of earlier) {
    let at = 0;
    // Both are in ascending order: one walk through both of them finds what they share.
    for await (const chunk of readDocumentHashes(path)) {
      for (const hash of chunk) {
        while (at < hashes.length && hashes[at]! < hash) at++;
        if (at === hashes.length) break;
        if (hashes[at] === hash) seen[at] = 1;
      }
    }
  }
  return {
    isRepeated(hash) {
      let [low, high] = [0, hashes.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (hashes[middle]! < hash) low = middle + 1;
        else high = middle;
      }
      if (hashes[low] !== hash) {
        throw new GmlpError(
          'invalid-data',
          'packCorpus: the text was changed while it was packed; begin when nothing writes there',
        );
      }
      const repeated = seen[low] === 1;
      seen[low] = 1;
      return repeated;
    },
  };
}
