export { allocate, type DType, type HostArray, hostArray, isHostArray, sameShape, sizeOf, type TypedArrayOf } from './array.ts';
export { decodeError, type EncodedError, encodeError } from './encoded-error.ts';
export { type ErrorCode, type ErrorFields, GmlpError, plainMessage } from './errors.ts';
export { type ExpectedIndices, expectIndices } from './expect-indices.ts';
export { expectScores } from './expect-scores.ts';
export { figureFromJson, figuresToJson } from './figures-json.ts';
export { fileFailure } from './file-failure.ts';
export { formatDuration, formatNumber } from './format-number.ts';
export { indexPermutation } from './index-permutation.ts';
export { indicesOfLargest } from './indices-of-largest.ts';
export { isKey, type Key, key, randomNormal, randomUniform, randomWords, resolveKey, split, tracedKey } from './key.ts';
export { listedNames } from './listed-names.ts';
export { nearestName } from './nearest-name.ts';
export { probabilitiesOf } from './probabilities-of.ts';
export {
  flattenTree,
  isLeaf,
  leafMarker,
  leavesOf,
  type MapLeaves,
  mapTree,
  pathName,
  type TreePath,
  withLeaves,
  zipTrees,
} from './tree.ts';
