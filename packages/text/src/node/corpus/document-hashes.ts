/**
 * The hashes of the documents of one shard, each once and in ascending order: what other shards need to know of it. A file of
 * 64 bytes, the identity of the shard in hexadecimal digits, 32 bytes SHA-256 of the rest, and the hashes, 8 bytes each, little-endian.
 */
import { createHash } from 'node:crypto';
import { GmlpError } from '@gmlp/base';
import { openRegularFile, readFully, writeWholeFile } from '@gmlp/base/node';
import { littleEndian } from '../write-packed.ts';
import { type CorpusSource, readSource } from './corpus-source.ts';
import { documentDigest, documentHash } from './document-digest.ts';
import type { ReadSourceOptions } from './read-source-options.ts';

const headBytes = 96;
const chunkHashes = 2 ** 17;

/** Reads the shard once. It takes 8 bytes of memory a document. */
export async function writeDocumentHashes(
  path: string,
  identity: string,
  source: CorpusSource,
  options: ReadSourceOptions,
  onDocument: () => void = () => {},
): Promise<void> {
  let [hashes, count] = [new BigUint64Array(2 ** 12), 0];
  for await (const { text } of readSource(source, options)) {
    if (count === hashes.length) {
      const larger = new BigUint64Array(2 * count);
      larger.set(hashes);
      hashes = larger;
    }
    hashes[count++] = documentHash(documentDigest(text));
    onDocument();
  }
  const sorted = hashes.subarray(0, count).sort();
  let distinct = 0;
  for (const hash of sorted) if (distinct === 0 || sorted[distinct - 1] !== hash) sorted[distinct++] = hash;
  const bytes = new Uint8Array(sorted.buffer, 0, 8 * distinct);
  littleEndian(bytes, 8);
  await writeWholeFile('packCorpus', path, async (writeAt) => {
    await writeAt(Buffer.from(identity, 'latin1'), 0);
    await writeAt(createHash('sha256').update(bytes).digest(), 64);
    await writeAt(bytes, headBytes);
  });
}

export interface HashesHead {
  /** Of the shard when they were made. */
  readonly identity: string;
  /** SHA-256 of the hashes. */
  readonly fingerprint: string;
}

/** `undefined` where there is no such file, or only a part of its head. */
export async function readHashesHead(path: string): Promise<HashesHead | undefined> {
  const opened = await openRegularFile('packCorpus', path).catch((error: unknown) => {
    if (GmlpError.isInstance(error) && error.code === 'not-found') return undefined;
    throw error;
  });
  if (opened === undefined) return undefined;
  try {
    const head = Buffer.alloc(headBytes);
    if ((await readFully(opened.file, head, 0)) < headBytes) return undefined;
    return { identity: head.toString('latin1', 0, 64), fingerprint: head.toString('hex', 64) };
  } finally {
    await opened.file.close();
  }
}

/** All hashes, some at a time; a file that is not as it was written is refused in the end. */
export async function* readDocumentHashes(path: string): AsyncGenerator<BigUint64Array, void, undefined> {
  const { file, size } = await openRegularFile('packCorpus', path);
  const damaged = (): GmlpError =>
    new GmlpError('invalid-data', `packCorpus: ${path} is damaged; remove it, and it is made anew`, { file: path });
  try {
    const head = Buffer.alloc(headBytes);
    if ((await readFully(file, head, 0)) < headBytes || (size - headBytes) % 8 !== 0) throw damaged();
    const hash = createHash('sha256');
    for (let at = headBytes; at < size; at += 8 * chunkHashes) {
      const hashes = new BigUint64Array(Math.min(chunkHashes, (size - at) / 8));
      const bytes = new Uint8Array(hashes.buffer);
      if ((await readFully(file, bytes, at)) < bytes.length) throw damaged();
      hash.update(bytes);
      littleEndian(bytes, 8);
      yield hashes;
    }
    if (hash.digest('hex') !== head.toString('hex', 64)) throw damaged();
  } finally {
    await file.close();
  }
}
