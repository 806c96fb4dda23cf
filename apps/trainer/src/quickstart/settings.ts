/** What a quickstart trains, and how. The defaults are the command's; tests use smaller ones. */
import type { GmlpLanguageOptions } from '@gmlp/models';

export interface QuickstartSettings {
  readonly seed: number;
  /** A fixed number: two runs do the same work, however fast the machine. */
  readonly steps: number;
  readonly batchSize: number;
  readonly peakRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly maskRate: number;
  readonly vocabulary: number;
  /** How many addresses are held out. */
  readonly heldOut: number;
  /** How often the validation loss is measured on the way. */
  readonly evaluations: number;
  /** Each with one [MASK], to be filled in at the end. */
  readonly sentences: readonly string[];
  readonly model: Omit<GmlpLanguageOptions, 'vocabulary'>;
}

export const quickstartDefaults: QuickstartSettings = {
  seed: 0,
  steps: 2400,
  batchSize: 8,
  peakRate: 4e-3,
  warmupSteps: 240,
  weightDecay: 0.01,
  maskRate: 0.15,
  vocabulary: 4096,
  heldOut: 12,
  evaluations: 5,
  sentences: [
    'I congratulate you on the prosperity of the United [MASK].',
    'The treaty between the United States and Great [MASK] has been ratified by the Senate.',
    'During the last fiscal [MASK] the receipts of the Treasury amounted to forty millions of dollars.',
    'The Secretary of the [MASK] will lay before you a report on this subject.',
    'Our relations with foreign [MASK] continue to be friendly.',
    'We must work for peace in the [MASK].',
  ],
  model: {
    family: 'gmlp-language',
    tokens: 64,
    channels: 128,
    hiddenChannels: 512,
    layers: 3,
    spatialWeight: 'toeplitz',
    head: { tied: true, transform: false, bias: true },
  },
};
