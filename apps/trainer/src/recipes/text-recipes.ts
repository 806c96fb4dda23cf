/**
 * Three models of about 1.68 million parameters, the same for all within a hundredth, for half an hour on two cores and some fifty megabytes
 * of English in a folder: what they learn there is what `gmlp finetune` begins with. The shape is that of table 8 of the paper: rows of 128
 * tokens, 15 % of them masked, AdamW with a rate that rises and then falls to 0.
 */
import type { Recipe } from './recipe.ts';
import type { RecipeModel } from './recipe-model.ts';
import { textClaim } from './text-claim.ts';

interface Row {
  readonly called: string;
  readonly peakRate: number;
  readonly model: RecipeModel;
}

const sizes = { channels: 128, hiddenChannels: 512 } as const;

const textRows = {
  'text-gmlp': { called: 'A gMLP', peakRate: 4e-3, model: { variant: 'gmlp_mlm_36', ...sizes, layers: 6 } },
  'text-amlp': {
    called: 'An aMLP',
    peakRate: 4e-3,
    model: { variant: 'amlp_mlm_36', ...sizes, layers: 5, attentionChannels: 32 },
  },
  'text-bert': {
    called: 'A BERT',
    peakRate: 1e-3,
    model: { variant: 'bert_mlm_absolute', ...sizes, layers: 3, heads: 4, dropout: 0 },
  },
} as const satisfies Record<string, Row>;

type TextName = keyof typeof textRows;

export const textNames = Object.keys(textRows) as TextName[];

function textRecipe(name: TextName): Recipe {
  const { called, peakRate, model }: Row = textRows[name];
  return {
    name,
    claim: textClaim(name, called),
    command: `gmlp train ${name} --set data.path=books`,
    task: 'masked-language',
    seed: 0,
    device: 'auto',
    model,
    data: { source: 'text', path: 'books', heldOut: 0.01, vocabulary: 8192, maskRate: 0.15 },
    optimiser: {
      name: 'adamw',
      peakRate,
      warmupSteps: 1000,
      decay: 'linear',
      weightDecay: 0.01,
      epsilon: 1e-6,
      betas: [0.9, 0.999],
      clipNorm: 1,
      ema: null,
    },
    steps: 12_000,
    batchSize: 16,
    accumulate: 1,
    recordEvery: 10,
    evaluation: { every: 2000, patience: null, minDelta: 0 },
    checkpoints: { every: 1000, keep: 1 },
  };
}

export const textRecipes: readonly Recipe[] = textNames.map(textRecipe);
