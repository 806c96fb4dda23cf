/** A sentence that a model is asked about, and its answer: a part of the page for each kind of question. */
import { formatNumber } from '@gmlp/base';
import { defineComponent, h, type PropType, ref, shallowRef, type VNode, watch } from 'vue';
import { section } from './elements.ts';

interface Answer {
  /** Steps that the model had taken. */
  readonly step: number;
}

export interface SentenceQuestion<A extends Answer> {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly button: string;
  /** The sentence to begin with. */
  readonly sentence: string;
  readonly shown: (answer: A) => readonly VNode[];
}

export function sentenceQuestion<A extends Answer>({ id, title, label, button, sentence: first, shown }: SentenceQuestion<A>) {
  return defineComponent({
    props: {
      /** Told how often this model was asked before. */
      ask: { type: Function as PropType<(sentence: string, before: number) => Promise<A>>, required: true },
      /** The number of the model: an answer is that of one model, and goes with it. */
      model: { type: Number, required: true },
    },
    setup(props) {
      const sentence = ref(first);
      const answer = shallowRef<A>();
      const problem = ref('');
      const waiting = ref(false);
      let before = 0;

      watch(
        () => props.model,
        () => {
          before = 0;
          answer.value = undefined;
          problem.value = '';
        },
      );

      async function asked(): Promise<void> {
        waiting.value = true;
        try {
          answer.value = await props.ask(sentence.value, before++);
          problem.value = '';
        } catch (error) {
          answer.value = undefined;
          problem.value = (error as Error).message;
        } finally {
          waiting.value = false;
        }
      }

      return () =>
        section(
          id,
          title,
          h(
            'form',
            {
              class: 'pg-row',
              onSubmit(event: Event) {
                event.preventDefault();
                void asked();
              },
            },
            [
              h('label', { for: `${id}-sentence` }, label),
              h('input', {
                id: `${id}-sentence`,
                type: 'text',
                value: sentence.value,
                autocomplete: 'off',
                onInput: (event: Event) => (sentence.value = (event.target as HTMLInputElement).value),
              }),
              h('button', { type: 'submit', class: 'pg-button', disabled: waiting.value }, button),
            ],
          ),
          h('div', { role: 'status', class: 'pg-filled' }, [
            problem.value && h('p', { class: 'pg-failed' }, problem.value),
            answer.value &&
              answer.value.step > 0 &&
              h(
                'p',
                { class: 'pg-note' },
                `After ${formatNumber(answer.value.step)} ${answer.value.step === 1 ? 'step' : 'steps'}:`,
              ),
            ...(answer.value ? shown(answer.value) : []),
          ]),
        );
    },
  });
}
