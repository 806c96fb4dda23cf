export { type ByteSource, edgeFingerprint, isAddress, shownName } from './byte-source.ts';
export type { HttpOptions } from './http-bytes.ts';
export { openBytes } from './open-bytes.ts';
export { readWholeFile } from './read-whole-file.ts';
export { openRegularFile, otherThanFile, readFailure, readFully } from './regular-file.ts';
export { type WriteAt, writeWholeFile } from './write-whole-file.ts';
