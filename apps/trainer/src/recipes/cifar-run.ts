/** What is kept of a run of a recipe for CIFAR-10. */
import { createHash } from 'node:crypto';
import type { Recipe } from './recipe.ts';
import type { StoredRun } from './stored-run.ts';

export interface CifarRun extends StoredRun<CifarFigures> {
  /** Its name. */
  readonly recipe: string;
  /** Of its settings: `settingsFingerprint`. */
  readonly settings: string;
  readonly seed: number;
  readonly steps: number;
  /** Floating-point operations of its products, those of the gradients among them. */
  readonly flops: number;
}

interface CifarFigures {
  readonly valTop1: number;
  readonly valTop5: number;
  readonly valLoss: number;
  readonly commonestTop1: number;
}

/** SHA-256 of the settings that all runs of a recipe share: not of how long they are, of their seed, or of where the images lie. */
export function settingsFingerprint({ model, data, optimiser, batchSize, accumulate }: Recipe): string {
  const { path: _, ...images } = data as { readonly path?: string };
  const { warmupSteps: __, ...rates } = optimiser;
  const settings = [model, images, rates, batchSize, accumulate].map(sorted);
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/** By name, so that the order of writing says nothing. */
const sorted = (settings: object | number): unknown =>
  typeof settings === 'number' ? settings : Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
