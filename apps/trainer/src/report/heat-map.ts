/** A matrix as an image: blue above zero, orange below, the more opaque the further from zero; clear at zero. */
import { html, type Markup } from './html.ts';
import { pngDataUrl } from './png.ts';

const above = [42, 120, 214] as const;
const below = [224, 112, 26] as const;

export function heatMap(matrix: Float32Array, columns: number, label: string): Markup {
  const rows = matrix.length / columns;
  const largest = matrix.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  const pixels = new Uint8Array(matrix.length * 4);
  matrix.forEach((value, index) => {
    const strength = Math.sqrt(Math.abs(value) / largest); // the root shows small weights too
    pixels.set([...(value >= 0 ? above : below), Math.round(255 * strength)], 4 * index);
  });
  return html`<img class="map" width="${columns}" height="${rows}" alt="${label}" src="${pngDataUrl(columns, rows, pixels)}">`;
}
