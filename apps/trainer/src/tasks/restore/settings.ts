/** What `gmlp restore` trains, and how. The defaults are the command's; tests use smaller ones. */
import type { TransformerOptions } from '@gmlp/models';

export interface RestoreSettings {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly peakRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly vocabulary: number;
  /** How many addresses are held out. */
  readonly heldOut: number;
  /** How many passages of them are restored, evenly spread. */
  readonly passages: number;
  /** Of beam search; 1 leaves it out. */
  readonly beam: number;
  readonly model: Omit<TransformerOptions, 'vocabulary' | 'padding'>;
}

export const restoreDefaults: RestoreSettings = {
  seed: 0,
  steps: 3000,
  batchSize: 24,
  peakRate: 2e-3,
  warmupSteps: 200,
  weightDecay: 0.01,
  labelSmoothing: 0.1,
  vocabulary: 2048,
  heldOut: 12,
  passages: 512,
  beam: 1,
  model: { family: 'transformer', tokens: 64, channels: 128, hiddenChannels: 512, heads: 4, layers: 2, dropout: 0 },
};
