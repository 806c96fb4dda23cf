export type { FileContent, ModelDirectory } from '../model-files.ts';
export type { Checkpoint } from './checkpoint.ts';
export { expectUndamaged } from './expect-undamaged.ts';
export type { FileOptions, FileSystem, OpenFile } from './file-system.ts';
export { type FetchFromHubOptions, fetchFromHub, isHubId } from './hub.ts';
export { type ListedCheckpoint, listCheckpoints } from './list-checkpoints.ts';
export {
  type LoadedCheckpoint,
  loadCheckpoint,
  loadNewestCheckpoint,
  type NewestCheckpoint,
  type RefusedCheckpoint,
} from './load-checkpoint.ts';
export { makeFolder } from './make-folder.ts';
export { readModelDirectory, type WriteModelDirectoryOptions, writeModelDirectory } from './model-directory.ts';
export { inspectModelTensors, readModelTensors } from './model-tensors.ts';
export { type PruneCheckpointsOptions, pruneCheckpoints } from './prune-checkpoints.ts';
export {
  inspectSafetensorsFile,
  type ReadTensorsOptions,
  readSafetensorsFile,
  type TensorSummary,
  writeSafetensorsFile,
} from './safetensors-files.ts';
export { type SaveCheckpointOptions, saveCheckpoint } from './save-checkpoint.ts';
export type { StopOptions } from './stop-options.ts';
export { sweepCheckpoints } from './sweep-checkpoints.ts';
export { writeFileAtomically } from './write-file-atomically.ts';
export { type WriteFilesTogetherOptions, writeFilesTogether } from './write-files-together.ts';
