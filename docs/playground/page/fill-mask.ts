/** A sentence with [MASK], and what the model would put there. */
import { h } from 'vue';
import type { FilledSentence } from '../worker/messages.ts';
import { likelyPieces } from './likely-pieces.ts';
import { sentenceQuestion } from './sentence-question.ts';

export const FillMask = sentenceQuestion<FilledSentence>({
  id: 'pg-fill',
  title: 'Fill a mask',
  label: 'A sentence with [MASK]',
  button: 'Fill',
  sentence: 'We must work for peace in the [MASK].',
  shown: ({ masks }) =>
    masks.map(({ before, after, guesses }) =>
      h('div', [
        h('p', { class: 'pg-sentence' }, [before, h('mark', 'mask'), after]),
        likelyPieces('The likeliest pieces', guesses),
      ]),
    ),
});
