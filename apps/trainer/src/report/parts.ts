/** Small parts that all pages share. */
import { type Content, html, type Markup } from './html.ts';

export const figure = (value: string, name: string): Markup =>
  html`<div class="figure"><b>${value}</b><span>${name}</span></div>`;

/** Rows of a name and what belongs to it, one column or several. */
export function table(rows: readonly (readonly [name: string, ...cells: Content[]])[], header: readonly string[] = []): Markup {
  return html`<div class="scroll"><table class="settings">${header.length > 0 ? html`<tr>${header.map((cell) => html`<th scope="col">${cell}</th>`)}</tr>` : ''}${rows.map(
    ([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</table></div>`;
}
