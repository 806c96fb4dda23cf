export { openRegularFile, otherThanFile, readFailure, readFully } from './regular-file.ts';
export { type WriteAt, writeWholeFile } from './write-whole-file.ts';
