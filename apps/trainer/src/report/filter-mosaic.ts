/** Spatial filters of a model of images: each as an image of the patches it takes from, a few of them as a square. */
import type { ImageFilter } from '../inspect/image-filters.ts';
import { heatMap } from './heat-map.ts';
import { html, type Markup } from './html.ts';

/** `name` says whose they are, `grid` how many patches a side has. */
export function filterMosaic(name: string, filters: readonly ImageFilter[], grid: number): Markup {
  const columns = Math.min(3, Math.ceil(Math.sqrt(filters.length)));
  return html`<div class="mosaic" style="grid-template-columns: repeat(${columns}, 1fr)">${filters.map(
    ({ name: what, weights }) => heatMap(weights, grid, `${name}, ${what}`),
  )}</div>`;
}
