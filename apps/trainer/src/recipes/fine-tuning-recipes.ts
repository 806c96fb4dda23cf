/**
 * How the paper fine-tunes: the settings of its table 9, each for a model that `gmlp finetune` is told, with the figures that the paper prints
 * in table 6 for what came out. The paper has no RTE, which is given what table 9 says of the other sentences.
 *
 * That a tenth of the steps (of SQuAD a thousand) warms up, that weights decay by 0.01, what is dropped and that gradients are not clipped is
 * written down from memory.
 */

/** Plain JSON. */
export interface FineTuningRecipe {
  /** What `gmlp finetune` is told to do. */
  readonly name: string;
  readonly claim: string;
  readonly command: string;
  readonly paper: { readonly table: 9; readonly row: string };
  /** Of a text, or of a pair, at most; a model that reads fewer keeps its length. */
  readonly tokens: number;
  /** Of a run that is not part of a grid. */
  readonly batch: number;
  readonly rate: number;
  /** What the paper tried. */
  readonly grid: { readonly batches: readonly number[]; readonly rates: readonly number[] };
  readonly length: { readonly epochs: number } | { readonly steps: number };
  /** The share of the steps in which the rate rises, or how many of them. It falls linearly then. */
  readonly warmup: { readonly share: number } | { readonly steps: number };
  readonly weightDecay: number;
  readonly epsilon: number;
  readonly clipNorm: number | null;
  /** Of the head, and in a body that drops: a BERT. */
  readonly dropout: number;
  /** Of the attention's weights. */
  readonly attentionDropout: number;
}

const shared = { weightDecay: 0.01, epsilon: 1e-6, clipNorm: null, attentionDropout: 0.1 } as const;

const sentences = {
  ...shared,
  tokens: 128,
  ...{ batch: 32, rate: 2e-5, grid: { batches: [16, 32], rates: [1e-5, 2e-5, 3e-5] } },
  ...{ length: { epochs: 5 }, warmup: { share: 0.1 }, dropout: 0.1 },
} as const;

const squad = {
  ...shared,
  tokens: 512,
  ...{ batch: 32, rate: 5e-5, grid: { batches: [32], rates: [5e-5] } },
  ...{ length: { steps: 8000 }, warmup: { steps: 1000 }, dropout: 0 },
} as const;

/** Of table 6, for BERT_base ("ours"), gMLP_base and aMLP_base. */
const inTable6 = (figure: string, [bert, gmlp, amlp]: readonly [string, string, string]): string =>
  `the paper prints ${figure} ${bert} for BERT_base, ${gmlp} for gMLP_base and ${amlp} for aMLP_base in table 6, the median of five runs; never run with such models here`;

export const fineTuningRecipes = {
  sst2: {
    name: 'sst2',
    claim: `Sentences of SST-2, good or bad, by the settings of table 9: ${inTable6('accuracy', ['93.8 %', '94.2 %', '93.4 %'])}.`,
    command: 'gmlp finetune sst2 <model> --data SST-2 --grid --seeds 5',
    paper: { table: 9, row: 'SST-2' },
    ...sentences,
  },
  mnli: {
    name: 'mnli',
    claim: `Pairs of MNLI by the settings of table 9: ${inTable6('accuracy (matched)', ['85.6 %', '83.7 %', '85.9 %'])}.`,
    command: 'gmlp finetune mnli <model> --data MNLI --grid --seeds 5',
    paper: { table: 9, row: 'MNLI' },
    ...sentences,
  },
  rte: {
    name: 'rte',
    claim: 'Pairs of RTE, which the paper has not, by what its table 9 says of SST-2 and MNLI; no figure is claimed.',
    command: 'gmlp finetune rte <model> --data RTE --grid --seeds 5',
    paper: { table: 9, row: 'SST-2, MNLI' },
    ...sentences,
  },
  squad1: {
    name: 'squad1',
    claim: `Answers in texts, SQuAD v1.1, by the settings of table 9: ${inTable6('F1', ['90.2', '86.7', '90.7'])}.`,
    command: 'gmlp finetune squad1 <model> --data SQuAD --seeds 5',
    paper: { table: 9, row: 'SQuAD' },
    ...squad,
  },
  squad2: {
    name: 'squad2',
    claim: `Answers in texts or none, SQuAD v2.0, by the settings of table 9: ${inTable6('F1', ['78.6', '70.1', '80.9'])}.`,
    command: 'gmlp finetune squad2 <model> --data SQuAD --seeds 5',
    paper: { table: 9, row: 'SQuAD' },
    ...squad,
  },
} as const satisfies Readonly<Record<string, FineTuningRecipe>>;

/** That of a task; of texts that are no task of the paper's what table 9 says of sentences. */
export function fineTuningRecipeFor(task: string): FineTuningRecipe {
  const all: Readonly<Record<string, FineTuningRecipe>> = fineTuningRecipes;
  return Object.hasOwn(all, task) ? all[task]! : fineTuningRecipes.sst2;
}
