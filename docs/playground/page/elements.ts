/** Pieces that both pages are made of. */
import { h, type VNode } from 'vue';

type Children = VNode | string | null | false | undefined;

/** A part of the page under a heading of its own. */
export function section(id: string, title: string, ...children: Children[]): VNode {
  return h('section', { class: 'pg-section', 'aria-labelledby': id }, [
    h('h2', { id, class: 'pg-title' }, title),
    ...children.filter((child) => child),
  ]);
}

export function button(label: string, onClick: () => void, { disabled = false, main = false } = {}): VNode {
  return h('button', { type: 'button', class: ['pg-button', main && 'pg-main'], disabled, onClick }, label);
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly note: string;
  readonly disabled?: boolean;
}

/** A group of which one is chosen. What cannot be chosen is greyed, and its note says why. */
export function choice(
  legend: string,
  name: string,
  options: readonly Option[],
  chosen: string,
  onChoose: (value: string) => void,
  disabled = false,
): VNode {
  const row = ({ value, label, note, disabled: never = false }: Option): VNode =>
    h('label', { class: ['pg-option', never && 'pg-never'] }, [
      h('input', {
        type: 'radio',
        name,
        value,
        checked: value === chosen,
        disabled: disabled || never,
        'aria-labelledby': `${name}-${value}-name`, // not the note, which describes it
        'aria-describedby': note ? `${name}-${value}` : undefined,
        onChange: () => onChoose(value),
      }),
      h('span', [
        h('b', { id: `${name}-${value}-name` }, label),
        note && h('span', { id: `${name}-${value}`, class: 'pg-note' }, ` ${note}`),
      ]),
    ]);
  return h('fieldset', { class: 'pg-choice' }, [h('legend', legend), ...options.map(row)]);
}

/** Files by a dialogue or by dropping them: one control, so that the keyboard reaches both. */
export function filePicker(
  id: string,
  label: string,
  hint: string,
  onFiles: (files: readonly File[]) => void,
  { accept = '', multiple = true, disabled = false } = {},
): VNode {
  const stop = (event: DragEvent): void => event.preventDefault();
  return h(
    'div',
    {
      class: 'pg-drop',
      onDragover: stop,
      onDrop(event: DragEvent) {
        stop(event);
        if (!disabled) onFiles([...(event.dataTransfer?.files ?? [])]);
      },
    },
    [
      h('label', { for: id }, label),
      h('input', {
        id,
        type: 'file',
        accept,
        multiple,
        disabled,
        'aria-describedby': `${id}-hint`,
        onChange(event: Event) {
          const input = event.target as HTMLInputElement;
          onFiles([...(input.files ?? [])]);
          input.value = ''; // the same file may be chosen again
        },
      }),
      h('span', { id: `${id}-hint`, class: 'pg-note' }, hint),
    ],
  );
}

export function figure(value: string, name: string): VNode {
  return h('div', { class: 'pg-figure' }, [h('b', value), h('span', name)]);
}

/** What may be worth a percentage, as a bar with its number. */
export function bars(label: string, rows: readonly { readonly name: string; readonly share: number }[]): VNode {
  return h(
    'ol',
    { class: 'pg-bars', 'aria-label': label },
    rows.map(({ name, share }) =>
      h('li', [
        h('span', { class: 'pg-name' }, name),
        h('span', { class: 'pg-bar', 'aria-hidden': 'true' }, [h('span', { style: { width: `${100 * share}%` } })]),
        h('span', { class: 'pg-number' }, `${(100 * share).toFixed(1)} %`),
      ]),
    ),
  );
}
