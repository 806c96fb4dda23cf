export { type FetchFromHubOptions, fetchFromHub, hubCache, isHubId } from './hub.ts';
export { type ModelDirectory, readModelDirectory, writeModelDirectory } from './model-directory.ts';
export { writeFileAtomically } from './write-file-atomically.ts';
