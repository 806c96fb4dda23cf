/**
 * The eight rows of table 3 of the paper in small: each model as narrow as fits about 1.15 million parameters, the same for all
 * within two hundredths, on the text that comes with gmlp. Without the split there are two thirds of gMLP's blocks, as in the paper; of
 * BERT's half as many, where the paper has a third.
 */
import { miniClaim } from './mini-claim.ts';
import type { Recipe } from './recipe.ts';
import type { RecipeModel } from './recipe-model.ts';

interface Row {
  /** How the table calls it. */
  readonly row: string;
  /** The perplexity that it prints. */
  readonly paper: number;
  readonly recalled?: boolean;
  readonly peakRate: number;
  readonly model: RecipeModel;
}

const unsplit = { channels: 128, hiddenChannels: 576, layers: 4 } as const;
const bert = { channels: 128, hiddenChannels: 512, heads: 4, layers: 3, dropout: 0 } as const;

export const miniRows = {
  'mini-bert': { row: 'BERT', paper: 4.37, recalled: true, peakRate: 1e-3, model: { variant: 'bert_mlm_absolute', ...bert } },
  'mini-bert-relpos': {
    row: 'BERT + rel pos',
    ...{ paper: 4.26, recalled: true, peakRate: 1e-3 },
    model: { variant: 'bert_mlm_12_12', ...bert },
  },
  'mini-bert-noattn': {
    row: 'BERT + rel pos - attn',
    ...{ paper: 5.64, recalled: true, peakRate: 1e-3 },
    model: { variant: 'bert_mlm_noattn', ...bert, hiddenChannels: 640 },
  },
  'mini-mixer': {
    row: 'MLP-Mixer',
    ...{ paper: 5.34, recalled: true, peakRate: 2e-3 },
    model: { variant: 'mixer_mlm_18', channels: 128, hiddenChannels: 480, tokenHidden: 96, layers: 4 },
  },
  'mini-gmlp-linear': {
    row: 'Linear gMLP',
    ...{ paper: 5.14, recalled: true, peakRate: 4e-3 },
    model: { variant: 'gmlp_mlm_linear', ...unsplit },
  },
  'mini-gmlp-additive': {
    row: 'Additive gMLP',
    ...{ paper: 4.97, recalled: true, peakRate: 4e-3 },
    model: { variant: 'gmlp_mlm_additive', ...unsplit },
  },
  'mini-gmlp-multiplicative': {
    row: 'Multiplicative gMLP',
    ...{ paper: 4.53, recalled: true, peakRate: 4e-3 },
    model: { variant: 'gmlp_mlm_multiplicative', ...unsplit },
  },
  'mini-gmlp': {
    row: 'Multiplicative, split gMLP',
    ...{ paper: 4.35, peakRate: 4e-3 },
    model: { variant: 'gmlp_mlm_36', channels: 128, hiddenChannels: 512, layers: 6 },
  },
} as const satisfies Record<string, Row>;

export type MiniName = keyof typeof miniRows;

export const miniNames = Object.keys(miniRows) as MiniName[];

function miniRecipe(name: MiniName): Recipe {
  const { peakRate, model }: Row = miniRows[name];
  return {
    name,
    claim: miniClaim(name),
    command: `gmlp train ${name}`,
    task: 'masked-language',
    seed: 0,
    device: 'auto',
    model,
    data: { source: 'sotu', heldOut: 12, vocabulary: 4096, maskRate: 0.15 },
    optimiser: {
      name: 'adamw',
      peakRate,
      warmupSteps: 240,
      decay: 'linear',
      weightDecay: 0.01,
      epsilon: 1e-6,
      betas: [0.9, 0.999],
      clipNorm: 1,
      ema: null,
    },
    steps: 2400,
    batchSize: 8,
    accumulate: 1,
    recordEvery: 10,
    evaluation: { every: 600, patience: null, minDelta: 0 },
    checkpoints: { every: 600, keep: 1 },
  };
}

export const miniRecipes: readonly Recipe[] = miniNames.map(miniRecipe);
