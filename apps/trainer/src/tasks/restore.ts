/** A Transformer gives words their case and punctuation back: it reads a passage without them, and writes it anew. */
import { familyOf } from '@gmlp/models';
import * as z from 'zod/mini';
import { lossFigure } from './loss-figure.ts';
import { type RestoreModel, restoreObjective } from './restore/objective.ts';
import type { PairBatch } from './restore/pair-batch.ts';
import { type Passages, type PassagesData, pairsForm } from './restore/pairs-form.ts';
import type { Task } from './task.ts';
import { measuredOf, prepareOf } from './text/prepared-text.ts';
import { ofText, type TextData, textDataSchema } from './text/text-data.ts';
import { textSize } from './text/text-length.ts';

export interface RestoreData extends TextData, PassagesData {
  /** The part of each label that is spread over all pieces; the paper's 0.1 when left out. */
  readonly labelSmoothing: number;
}

/** Of the words. */
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;

export const restore: Task<RestoreData, PairBatch, Passages> = {
  families: ['transformer'],
  data: textDataSchema<RestoreData>({
    passages: z._default(z.int().check(z.positive()), 512),
    labelSmoothing: z._default(z.number().check(z.nonnegative(), z.lt(1)), 0.1),
  }),
  ...ofText,
  figures: [{ name: 'wordAccuracy', label: 'word accuracy', better: 'higher', format: share }, lossFigure],
  headline: 'wordAccuracy',
  baseline: [
    { name: 'copying', label: 'copying', of: 'wordAccuracy' },
    { name: 'copyingAsSentence', label: 'copying, with a capital and a full stop', of: 'wordAccuracy' },
  ],
  counted: { name: 'words', label: 'words', of: ({ about }) => about.reduce((sum, { words }) => sum + words.length, 0) },
  prepare: (settings, around) => prepareOf<RestoreData, PairBatch, Passages>(pairsForm, settings, around),
  measured: (path, around) => measuredOf(pairsForm, path, around),
  objective: (model, { labelSmoothing = 0.1 }, modelFiles) =>
    restoreObjective(model as RestoreModel, labelSmoothing, modelFiles.get('tokenizer.json')),
  shapes(config, _, batchSize) {
    const side = { dtype: 'int32', shape: [batchSize, familyOf(config).facts(config).tokens] } as const;
    return { source: side, target: side, labels: side };
  },
  // Both sides of a pair are packed; a passage takes about two thirds of its row.
  size: (data, config) => {
    const { tokens } = familyOf(config).facts(config);
    return textSize(data, { length: 2 * tokens, fresh: Math.ceil((2 * tokens) / 3) });
  },
};
