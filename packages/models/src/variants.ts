/** The named configs, in one table that the command line, the documentation and the tests read. */
import { GmlpError, nearestName } from '@gmlp/base';
import type { GmlpLanguageOptions } from './gmlp-language.ts';

/** What the paper prints for a model. Figures in `recalled` could not be read again: reports mark them so. */
export interface PaperFigures {
  readonly table: number;
  /** Millions of parameters. For language: tied embedding, body and final norm. */
  readonly parameters: number;
  /** Of masked language modelling. */
  readonly perplexity?: number;
  readonly recalled?: readonly ('parameters' | 'perplexity')[];
}

export interface Variant {
  readonly name: string;
  readonly config: GmlpLanguageOptions;
  readonly paper: PaperFigures;
}

const head = { tied: true, transform: true, bias: true } as const; // "I/O protocols follow BERT" (figure 1)

/** The full BERT setting (tables 5 and 6): C4, length 512, 32,000 cased pieces. */
const full = { family: 'gmlp-language', vocabulary: 32_000, tokens: 512, head } as const;

/** The ablations (tables 3 and 4): length 128, narrow and deep. */
const ablation = { ...full, tokens: 128, channels: 512, hiddenChannels: 3072 } as const;

export const variants: readonly Variant[] = [
  {
    name: 'gmlp_base',
    config: { ...full, layers: 48, channels: 512, hiddenChannels: 3072 },
    paper: { table: 5, parameters: 130, perplexity: 4.28 },
  },
  {
    name: 'gmlp_large',
    config: { ...full, layers: 96, channels: 768, hiddenChannels: 3072 },
    paper: { table: 5, parameters: 365, perplexity: 3.32 },
  },
  {
    name: 'gmlp_xlarge',
    config: { ...full, layers: 144, channels: 1024, hiddenChannels: 4096 },
    paper: { table: 5, parameters: 941, perplexity: 2.89, recalled: ['perplexity'] },
  },
  {
    name: 'gmlp_mlm_18',
    config: { ...ablation, layers: 18 },
    paper: { table: 4, parameters: 59, perplexity: 5.25, recalled: ['perplexity'] },
  },
  {
    name: 'gmlp_mlm_36', // also the split row of table 3
    config: { ...ablation, layers: 36 },
    paper: { table: 4, parameters: 102, perplexity: 4.35 },
  },
  {
    name: 'gmlp_mlm_72',
    config: { ...ablation, layers: 72 },
    paper: { table: 4, parameters: 187, perplexity: 3.79, recalled: ['perplexity'] },
  },
  {
    name: 'gmlp_mlm_144',
    config: { ...ablation, layers: 144 },
    paper: { table: 4, parameters: 357, perplexity: 3.43, recalled: ['perplexity'] },
  },
  // Without the split the contraction is twice as wide; 24 layers match the parameters that the paper prints.
  {
    name: 'gmlp_mlm_linear',
    config: { ...ablation, layers: 24, gate: 'linear' },
    paper: { table: 3, parameters: 92, perplexity: 5.14, recalled: ['parameters', 'perplexity'] },
  },
  {
    name: 'gmlp_mlm_additive',
    config: { ...ablation, layers: 24, gate: 'additive' },
    paper: { table: 3, parameters: 92, perplexity: 4.97, recalled: ['parameters', 'perplexity'] },
  },
  {
    name: 'gmlp_mlm_multiplicative',
    config: { ...ablation, layers: 24, gate: 'multiplicative' },
    paper: { table: 3, parameters: 92, perplexity: 4.53, recalled: ['parameters', 'perplexity'] },
  },
];

export function findVariant(name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found) return found;
  const names = variants.map((variant) => variant.name);
  const nearest = nearestName(name, names);
  throw new GmlpError(
    'not-found',
    `findVariant: there is no variant "${name}"${nearest ? `; did you mean ${nearest}?` : ''}\n  known: ${names.join(', ')}`,
    { name, nearest, known: names },
  );
}
