/** What single tokens of an image model take from each patch, as images of grid x grid (the paper's figure 3). */
import { evenlySpread } from '../evenly-spread.ts';

export interface ImageFilter {
  readonly name: string;
  /** [grid, grid], in the order of the patches. */
  readonly weights: Float32Array;
}

/** Rows of W [tokens, tokens] for the tokens at the sampled places, in the order in which they lie in the image. */
export function tokenFilters(matrix: Float32Array, grid: number): ImageFilter[] {
  const tokens = grid * grid;
  const places = sampledPlaces(grid);
  return places.flatMap((row) =>
    places.map((column) => {
      const token = row * grid + column;
      return { name: `row ${row + 1}, column ${column + 1}`, weights: matrix.slice(token * tokens, (token + 1) * tokens) };
    }),
  );
}

/** Columns of W [tokens, hidden] for the sampled hidden units. */
export function hiddenFilters(matrix: Float32Array, grid: number): ImageFilter[] {
  const tokens = grid * grid;
  const hidden = matrix.length / tokens;
  return sampledUnits(hidden).map((unit) => ({
    name: `unit ${unit}`,
    weights: Float32Array.from({ length: tokens }, (_, token) => matrix[token * hidden + unit]!),
  }));
}

/** Rows and columns of the grid, counted from 0: the middles of the three thirds of a side, or all of at most three. */
export function sampledPlaces(grid: number): number[] {
  if (grid <= 3) return Array.from({ length: grid }, (_, place) => place);
  return [1, 3, 5].map((sixths) => Math.floor((grid * sixths) / 6));
}

/** Nine of the hidden units, spread evenly, or all of at most nine. */
export const sampledUnits = (hidden: number): number[] => evenlySpread(hidden, 9);
