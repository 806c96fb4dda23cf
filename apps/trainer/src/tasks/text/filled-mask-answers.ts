/** What a report shows of a model that fills masks: words of the held-out text, masked and filled in. */
import { openDevice } from '@gmlp/devices/node';
import * as z from 'zod/mini';
import { filledMasks, type ShownMask } from '../../report/filled-masks.ts';
import { html } from '../../report/html.ts';
import { loadLanguageModel } from '../../saved-model/load-language-model.ts';
import { maskFiller } from '../../saved-model/mask-filler.ts';
import type { Answers } from '../task.ts';
import { maskedSentences } from './masked-sentences.ts';
import { openRunText } from './prepared-text.ts';
import type { TextData } from './text-data.ts';

export interface FilledMaskAnswers {
  readonly filled: readonly ShownMask[];
}

/** So many masks are shown. */
const shown = 6;

const guess = z.looseObject({ piece: z.string(), probability: z.number() });
const filledMask = z.looseObject({
  before: z.string(),
  after: z.string(),
  answer: z.optional(z.string()),
  guesses: z.array(guess),
});

export const filledMaskAnswers: Answers<TextData, FilledMaskAnswers> = {
  schema: z.looseObject({ filled: z.array(filledMask) }) as unknown as z.ZodMiniType<FilledMaskAnswers>, // what it checks is all that is shown
  async ask({ model: directory, folder, data, device: name, signal }) {
    const model = await loadLanguageModel(directory);
    const text = await openRunText(data, model.config, folder);
    if (text === undefined) return { filled: [] };
    try {
      const sentences = await maskedSentences(text.validation, model.tokenizer, shown);
      if (sentences.length === 0) return { filled: [] };
      const device = await openDevice(name);
      const filler = maskFiller(device, model);
      try {
        const texts = sentences.map(({ sentence }) => sentence);
        const filled = await filler.fill(texts, { count: 5, signal });
        return { filled: filled.map((each, index) => ({ ...each, answer: sentences[index]!.answer })) };
      } finally {
        await filler.dispose();
        await device.dispose();
      }
    } finally {
      await text.close();
    }
  },
  show: ({ filled }) => (filled.length === 0 ? html`` : filledMasks(filled)),
};
