/** What is kept of a run of a mini recipe. */
import type { Recipe } from './recipe.ts';
import type { StoredRun } from './stored-run.ts';

export interface MiniRun extends StoredRun<MiniFigures> {
  /** Its settings, but for what it claims. */
  readonly recipe: Omit<Recipe, 'claim' | 'command'>;
}

interface MiniFigures {
  readonly valLoss: number;
  readonly valPerplexity: number;
  readonly valBitsPerByte: number;
  readonly unigramLoss: number;
  readonly unigramPerplexity: number;
}
