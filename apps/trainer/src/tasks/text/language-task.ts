/** What the tasks of running text share: all but the fields of their data, their families and what they ask for. */
import type { Module } from '@gmlp/layers';
import { type FamilyName, familyOf, type MaskedLanguageBatch } from '@gmlp/models';
import { ignoredLabel } from '@gmlp/text';
import type * as z from 'zod/mini';
import { lossFigure } from '../loss-figure.ts';
import type { Task } from '../task.ts';
import { type AskedOf, languageForm } from './language-form.ts';
import { languageObjective } from './language-objective.ts';
import { measuredOf, prepareOf } from './prepared-text.ts';
import { ofText, type TextData } from './text-data.ts';
import { textSize } from './text-length.ts';

export interface LanguageTask<Data extends TextData> extends Pick<Task<Data>, 'answers' | 'families'> {
  readonly causal: boolean;
  readonly families: readonly FamilyName[];
  readonly data: z.ZodMiniType<Data>;
  readonly askedOf: AskedOf<Data>;
  /** How many tokens of a sequence are asked for. */
  readonly asked: (tokens: number, data: Data) => number;
  readonly counted: { readonly name: string; readonly label: string };
}

/** Ids, positions and labels; nothing stays on the host. */
export function languageTask<Data extends TextData>({
  askedOf,
  asked,
  counted,
  ...row
}: LanguageTask<Data>): Task<Data, MaskedLanguageBatch, undefined> {
  const form = languageForm(askedOf);
  return {
    ...row,
    ...ofText,
    figures: [
      lossFigure,
      { name: 'perplexity', label: 'perplexity', better: 'lower', logarithmic: true },
      { name: 'bitsPerByte', label: 'bits per byte', better: 'lower' },
    ],
    headline: 'perplexity',
    baseline: [
      { name: 'unigramLoss', label: 'unigram model', of: 'loss' },
      { name: 'unigramPerplexity', label: 'unigram model', of: 'perplexity' },
    ],
    counted: {
      ...counted,
      of: ({ tensors: { labels } }) => Array.from(labels.data).filter((label) => label !== ignoredLabel).length,
    },
    prepare: (settings, around) => prepareOf(form, settings, around),
    measured: (path, around) => measuredOf(form, path, around),
    // Of one of the families above; parameters are an opaque tree to whoever trains.
    objective: ({ module }) => languageObjective(module as unknown as Module<unknown, Omit<MaskedLanguageBatch, 'labels'>>),
    shapes(config, data, batchSize) {
      const { tokens } = familyOf(config).facts(config);
      const chosen = { dtype: 'int32', shape: [batchSize, asked(tokens, data)] } as const;
      return { ids: { dtype: 'int32', shape: [batchSize, tokens] }, positions: chosen, labels: chosen };
    },
    size(data, config) {
      const { tokens } = familyOf(config).facts(config);
      return textSize(data, { length: tokens, fresh: tokens - 1 }); // [CLS] begins each
    },
  };
}
