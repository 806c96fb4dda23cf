/**
 * The paper's pretraining runs, one for each of its language models in the table of variants. Two settings (table 8):
 * the full one, as BERT was trained (tables 5 and 6), and that of the ablations and of scaling (tables 3 and 4, figure 8). The paper
 * trains a Mixer in the second alone.
 */
import { type PaperFigures, type Variant, type VariantName, variantsOf } from '@gmlp/models';
import type { LanguageFamily } from '../saved-model/load-language-model.ts';
import type { Recipe } from './recipe.ts';

interface Setting {
  /** Opens the names of its recipes. */
  readonly prefix: string;
  readonly text: string;
  readonly path: string;
  readonly peakRate: number;
  readonly steps: number;
  /** In the paper one batch of `batchSize * accumulate`: here in parts that fit into the memory of one machine. */
  readonly batchSize: number;
  readonly accumulate: number;
}

const full: Setting = {
  prefix: 'c4',
  text: 'C4/English',
  path: 'c4/en',
  peakRate: 1e-4,
  steps: 1_000_000,
  batchSize: 8,
  accumulate: 32,
};

const ablation: Setting = {
  prefix: 'realnews',
  text: 'C4/RealNews-like',
  path: 'c4/realnewslike',
  peakRate: 7e-4,
  steps: 125_000,
  batchSize: 16,
  accumulate: 128,
};

const languageVariants: readonly Variant<LanguageFamily>[] = [
  ...variantsOf('gmlp-language'),
  ...variantsOf('bert'),
  ...variantsOf('mixer-language'),
];

/** A variant of which the paper prints figures. */
type Printed = Variant<LanguageFamily> & { readonly paper: PaperFigures };

/** How the paper calls a model. The perplexity of those of table 5 is printed in table 6. */
function rowOf({ name, config, paper: { table } }: Printed): { table: number; row: string } {
  if (table === 5)
    return { table: 6, row: config.family === 'bert' ? `${name.replace('bert', 'BERT')} (ours)` : name.replace('mlp', 'MLP') };
  if (config.family === 'mixer-language') return { table, row: 'MLP-Mixer' };
  const { layers } = config;
  if (table === 4)
    return { table, row: config.family === 'bert' ? `Transformer, ${layers}+${layers} layers` : `gMLP, ${layers} layers` };
  if (config.family === 'bert') return { table, row: config.content === false ? 'BERT_base + rel pos - attn' : 'BERT_base' };
  const { gate } = config;
  return { table, row: `${gate![0]!.toUpperCase()}${gate!.slice(1)} gMLP` };
}

/** Models of table 4 that are rows of table 3 too. */
const alsoInTable3: Readonly<Partial<Record<VariantName, string>>> = {
  bert_mlm_12_12: 'BERT_base + rel pos',
  gmlp_mlm_36: 'Multiplicative, split gMLP',
};

/** What the paper draws and prints no number of: the aMLPs of figure 8. */
const drawn: readonly VariantName[] = ['amlp_mlm_18', 'amlp_mlm_36', 'amlp_mlm_72', 'amlp_mlm_144'];

function paperRecipe(variant: Variant<LanguageFamily>): Recipe {
  const { tokens, vocabulary } = variant.config;
  const { prefix, text, path, peakRate, steps, batchSize, accumulate } = tokens === 512 ? full : ablation;
  const name = `${prefix}-${variant.name.replaceAll('_', '-')}`;
  return {
    name,
    ...toldOf(variant, text),
    command: `gmlp train ${name} --set data.path=${path}`,
    task: 'masked-language',
    seed: 0,
    device: 'auto',
    model: { variant: variant.name },
    data: { source: 'c4', path, heldOut: 10_000, vocabulary, maskRate: 0.15 },
    optimiser: {
      name: 'adamw',
      peakRate,
      warmupSteps: 10_000,
      decay: 'linear',
      weightDecay: 0.01,
      epsilon: 1e-6,
      betas: [0.9, 0.999],
      clipNorm: null,
      ema: null,
    },
    steps,
    batchSize,
    accumulate,
    recordEvery: 10,
    evaluation: { every: 5000, patience: null, minDelta: 0 },
    checkpoints: { every: 500, keep: 3 },
  };
}

function toldOf({ paper, ...variant }: Variant<LanguageFamily>, text: string): Pick<Recipe, 'claim' | 'paper'> {
  const end = 'never trained to the end with this package.';
  if (paper === undefined) {
    return {
      claim: `aMLP, ${variant.config.layers} layers, on ${text} as in figure 8 of the paper, which prints no number of it (the figure is known from memory); ${end}`,
    };
  }
  const { perplexity, recalled } = paper;
  const { table, row } = rowOf({ ...variant, paper });
  const remembered = recalled?.includes('perplexity') === true;
  const figure = remembered ? `${perplexity} (from memory, not read again)` : perplexity;
  const also = alsoInTable3[variant.name];
  const called = also === undefined ? row : `${row} (in table 3 ${also}),`;
  return {
    claim: `${called} on ${text} as in the paper, which prints perplexity ${figure} in table ${table}; ${end}`,
    ...(perplexity !== undefined && { paper: { table, row, perplexity, ...(remembered && { recalled: true }) } }),
  };
}

export const paperRecipes: readonly Recipe[] = languageVariants
  .filter(({ name, paper }) => paper !== undefined || drawn.includes(name))
  .map(paperRecipe);
