/** Which text is trained on: the one that the page brings, or files of the reader. */
import { type Ref, ref, shallowRef, type VNode } from 'vue';
import { textsOf } from '../files/chosen-files.ts';
import { choice, filePicker } from './elements.ts';

export interface TextChoice {
  /** Nothing, while the reader has given no text. */
  readonly missing: () => boolean;
  texts(): Promise<readonly string[]>;
  render(disabled: boolean): (VNode | null)[];
}

type Source = 'addresses' | 'own';

export function useTextChoice(onProblem: (message: string) => void): TextChoice {
  const source: Ref<Source> = ref('addresses');
  const own = shallowRef<{ readonly names: string; readonly texts: readonly string[] }>();

  async function take(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    try {
      own.value = { names: files.map(({ name }) => name).join(', '), texts: await textsOf(files) };
    } catch (error) {
      onProblem((error as Error).message);
    }
  }

  const options = [
    { value: 'addresses', label: 'State of the Union addresses', note: 'of the 1950s, 400 kB, in the public domain' },
    { value: 'own', label: 'A text of yours', note: 'it stays in this page' },
  ];
  return {
    missing: () => source.value === 'own' && own.value === undefined,
    texts: async () => (source.value === 'own' ? own.value!.texts : (await import('virtual:addresses')).addresses),
    render: (disabled) => [
      choice('Text', 'pg-text', options, source.value, (value) => (source.value = value as Source), disabled),
      source.value === 'own'
        ? filePicker(
            'pg-own',
            own.value ? own.value.names : 'Choose or drop text files',
            'plain text in UTF-8, from about 20 kB; each file is one document',
            (files) => void take(files),
            { accept: '.txt,.md,text/plain', disabled },
          )
        : null,
    ],
  };
}
