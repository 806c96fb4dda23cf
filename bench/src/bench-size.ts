/** How much a bench does: as much as its figures are measured with, or just enough to see that it works. */
import { gmlpS6, type Sizes } from './task.ts';

export interface BenchSize {
  /** The model of `step`, `passes`, `memory` and `browser`. */
  readonly task: Sizes;
  readonly rounds: number;
  /** Rounds of the slow sides, at most. */
  readonly slowRounds: number;
  /** `step`: steps before the peak memory is read; blocks that are traced, and how often. */
  readonly peakSteps: number;
  readonly traceBlocks: number;
  readonly traceRuns: number;
  /** `passes`: how often all processes are started anew. */
  readonly starts: number;
  /** `memory`: steps, and every how many of them there is a record. */
  readonly memorySteps: number;
  readonly memoryEvery: number;
  /** `files`: what is written and read, and the bytes of its tensors. */
  readonly files: readonly (readonly [kind: 'model' | 'checkpoint' | 'file', sizes: readonly number[]])[];
  /** `images`: how many pictures a round goes through. */
  readonly imageCount: number;
  /** How many are prepared while the memory is watched. */
  readonly imageMemoryCount: number;
  /** `text`: pages that are taken, and how often; pieces of the tokenizer. */
  readonly textPages: number;
  readonly textCopies: number;
  readonly textPieces: number;
  /** `tokenizer-training`: pieces of the tokenizers that are trained, on the pages of `text`. */
  readonly trainedPieces: number;
  /** `dispatches`. */
  readonly dispatchBlocks: number;
}

const of1Gb = new Array<number>(20).fill(5e7);

export const fullSize: BenchSize = {
  task: gmlpS6,
  rounds: 15,
  slowRounds: 3,
  peakSteps: 5,
  traceBlocks: 36,
  traceRuns: 3,
  starts: 4,
  memorySteps: 200,
  memoryEvery: 25,
  files: [
    ['model', of1Gb],
    ['checkpoint', of1Gb],
    ['file', [2 ** 31 + 2 ** 28, 2 ** 28, 4]], // one tensor is above 2 GiB, and two begin behind that
  ],
  imageCount: 100,
  imageMemoryCount: 5000,
  textPages: 5000,
  textCopies: 8,
  textPieces: 8192,
  trainedPieces: 16_000,
  dispatchBlocks: 30,
};

/** No figure of it says anything: what it shows is that every side starts, agrees with the others and ends. */
export const smallestSize: BenchSize = {
  task: { ...gmlpS6, blocks: 2, batch: 2, tokens: 8, channels: 16, hidden: 32, classes: 10 },
  rounds: 1,
  slowRounds: 1,
  peakSteps: 1,
  traceBlocks: 3,
  traceRuns: 1,
  starts: 1,
  memorySteps: 4,
  memoryEvery: 2,
  files: [
    ['model', [4000, 4]],
    ['checkpoint', [4000, 4]],
    ['file', [4000, 4]],
  ],
  imageCount: 8,
  imageMemoryCount: 16,
  textPages: 40,
  textCopies: 1,
  textPieces: 500,
  trainedPieces: 600,
  dispatchBlocks: 1,
};
