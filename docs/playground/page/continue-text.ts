/** A text, and how a causal model goes on with it. */
import { h } from 'vue';
import type { ContinuedText } from '../worker/messages.ts';
import { likelyPieces } from './likely-pieces.ts';
import { sentenceQuestion } from './sentence-question.ts';

export const ContinueText = sentenceQuestion<ContinuedText>({
  id: 'pg-continue',
  title: 'Go on with a text',
  label: 'How the text begins',
  button: 'Go on with it',
  sentence: 'We must work for peace in the',
  shown: ({ before, written, ended, guesses }) => [
    h('p', { class: 'pg-sentence' }, [
      before,
      h('span', { class: 'pg-written' }, written),
      ended && h('span', { class: 'pg-note' }, ' (the text ends here)'),
    ]),
    h('p', { class: 'pg-note' }, 'Drawn from the likely pieces, anew each time. The likeliest after your words:'),
    likelyPieces('The likeliest next pieces', guesses),
  ],
});
