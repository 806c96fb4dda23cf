/** SHA-256 of what a document says. It decides what is a duplicate and what is held out, whatever shard the document lies in. */
import { createHash } from 'node:crypto';

export const documentDigest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The first 8 bytes: two documents of a corpus of 4e8 share them by chance once in some hundred corpora. */
export const documentHash = (digest: Buffer): bigint => digest.readBigUInt64BE(0);

/** Whether it is in the held-out part of the documents, given as a part between 0 and 1. Bytes that the hash does not have decide. */
export const isHeldOut = (digest: Buffer, heldOut: number): boolean => digest.readUIntBE(8, 6) / 2 ** 48 < heldOut;
