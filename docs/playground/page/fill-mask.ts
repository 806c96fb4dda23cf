/** A sentence with [MASK], and what the model would put there. */
import { formatNumber } from '@gmlp/base';
import { defineComponent, h, type PropType, ref, shallowRef, watch } from 'vue';
import type { FilledSentence } from '../worker/messages.ts';
import { bars, section } from './elements.ts';

/** A piece as people read it: ▁ is the space before a word. */
const shownPiece = (piece: string): string => piece.replaceAll('▁', ' ').trim() || '(space)';

export const FillMask = defineComponent({
  props: {
    ask: { type: Function as PropType<(sentence: string) => Promise<FilledSentence>>, required: true },
    /** The number of the model: an answer is that of one model, and goes with it. */
    model: { type: Number, required: true },
  },
  setup(props) {
    const sentence = ref('We must work for peace in the [MASK].');
    const filled = shallowRef<FilledSentence>();
    const problem = ref('');
    const waiting = ref(false);

    watch(
      () => props.model,
      () => {
        filled.value = undefined;
        problem.value = '';
      },
    );

    async function fill(): Promise<void> {
      waiting.value = true;
      try {
        filled.value = await props.ask(sentence.value);
        problem.value = '';
      } catch (error) {
        filled.value = undefined;
        problem.value = (error as Error).message;
      } finally {
        waiting.value = false;
      }
    }

    return () =>
      section(
        'pg-fill',
        'Fill a mask',
        h(
          'form',
          {
            class: 'pg-row',
            onSubmit(event: Event) {
              event.preventDefault();
              void fill();
            },
          },
          [
            h('label', { for: 'pg-sentence' }, 'A sentence with [MASK]'),
            h('input', {
              id: 'pg-sentence',
              type: 'text',
              value: sentence.value,
              autocomplete: 'off',
              onInput: (event: Event) => (sentence.value = (event.target as HTMLInputElement).value),
            }),
            h('button', { type: 'submit', class: 'pg-button', disabled: waiting.value }, 'Fill'),
          ],
        ),
        h('div', { role: 'status', class: 'pg-filled' }, [
          problem.value && h('p', { class: 'pg-failed' }, problem.value),
          filled.value &&
            filled.value.step > 0 &&
            h(
              'p',
              { class: 'pg-note' },
              `After ${formatNumber(filled.value.step)} ${filled.value.step === 1 ? 'step' : 'steps'}:`,
            ),
          ...(filled.value?.masks ?? []).map(({ before, after, guesses }) =>
            h('div', [
              h('p', { class: 'pg-sentence' }, [before, h('mark', 'mask'), after]),
              bars(
                'The likeliest pieces',
                guesses.map(({ piece, probability }) => ({ name: shownPiece(piece), share: probability })),
              ),
            ]),
          ),
        ]),
      );
  },
});
