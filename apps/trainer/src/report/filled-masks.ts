/** Sentences with the pieces that a model puts in the place of their masks. */
import type { FilledMask } from '@gmlp/text';
import { html, type Markup } from './html.ts';

export interface ShownMask extends FilledMask {
  /** What stands there in the text, if that is known. */
  readonly answer?: string;
}

export function filledMasks(filled: readonly ShownMask[]): Markup {
  return html`<h2>Masks filled in</h2>
<p class="faint">The five pieces that the model finds likeliest, with their probabilities. A piece that starts with ▁ starts a word.</p>
${filled.map(filledMask)}${filled.some(({ answer }) => answer !== undefined) ? html`<p class="faint">Passages of the held-out text.</p>` : ''}`;
}

function filledMask({ before, after, guesses, answer }: ShownMask): Markup {
  return html`<p class="sentence">${before}<span class="mask">mask</span>${after}${answer === undefined ? '' : html` <span class="faint">(the text has ${answer})</span>`}</p>
<ol class="guesses">${guesses.map(
    ({ piece, probability }) =>
      html`<li><span>${piece}</span><span class="bar" style="width: ${(100 * probability).toFixed(1)}%"></span><span class="number">${(100 * probability).toFixed(1)} %</span></li>`,
  )}</ol>`;
}
