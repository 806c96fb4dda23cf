/** Which pieces each piece attends to: a row a piece, the stronger the colour the more. Pieces stand beside and above where they can be read. */
import { html, type Markup } from '../report/html.ts';

const side = 240;
const labels = 76;
const mostLabels = 24;
const longest = 11;

export function attentionMap(map: Float32Array, pieces: readonly string[], label: string): Markup {
  const cell = side / pieces.length;
  const largest = map.reduce((max, value) => Math.max(max, value), 0) || 1;
  const named = pieces.length <= mostLabels;
  const start = named ? labels : 0;
  const middle = (index: number): string => (start + (index + 0.5) * cell).toFixed(1);
  const cells = Array.from(map, (value, index) => {
    const strength = Math.round((100 * value) / largest);
    if (strength === 0) return '';
    const [row, column] = [Math.floor(index / pieces.length), index % pieces.length];
    return html`<rect x="${(start + column * cell).toFixed(2)}" y="${(start + row * cell).toFixed(2)}" width="${cell.toFixed(2)}" height="${cell.toFixed(2)}" opacity="${strength / 100}"><title>${pieces[row]!} to ${pieces[column]!}: ${(100 * value).toFixed(1)} %</title></rect>`;
  });
  return html`<svg class="attention" viewBox="0 0 ${start + side} ${start + side}" role="img" aria-label="${label}">
<rect class="frame" x="${start}" y="${start}" width="${side}" height="${side}"/>
${cells}${
  named
    ? pieces.map(
        (
          piece,
          index,
        ) => html`<text text-anchor="end" x="${start - 4}" y="${middle(index)}" dy="0.35em">${shortened(piece)}</text>
<text transform="translate(${middle(index)} ${start - 4}) rotate(-90)" dy="0.35em">${shortened(piece)}</text>`,
      )
    : ''
}</svg>`;
}

function shortened(piece: string): string {
  const characters = [...piece];
  return characters.length <= longest ? piece : `${characters.slice(0, longest - 1).join('')}…`;
}
