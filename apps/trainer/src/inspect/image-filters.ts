/** What single rows of a spatial weight take from each token; of an image model as images of grid x grid patches (the paper's figure 3). */
import type { SpatialFilter } from '@gmlp/layers';
import { evenlySpread } from '../evenly-spread.ts';

export interface ImageFilter {
  readonly name: string;
  /** [grid, grid], in the order of the patches. */
  readonly weights: Float32Array;
}

/** Rows for the tokens at the sampled places, in the order in which they lie in the image, or for the sampled hidden units. */
export function imageFilters(filter: SpatialFilter, grid: number): ImageFilter[] {
  const { rows, of } = filter;
  if (of === 'hidden units') return sampledUnits(rows).map((unit) => ({ name: `unit ${unit}`, weights: rowOf(filter, unit) }));
  const places = sampledPlaces(grid);
  return places.flatMap((row) =>
    places.map((column) => ({
      name: `row ${row + 1}, column ${column + 1}`,
      weights: rowOf(filter, row * grid + column),
    })),
  );
}

/** The row that stands for all of them where only one is shown: of the token in the middle, or of a sampled hidden unit. */
export function middleRow({ rows, of }: Pick<SpatialFilter, 'rows' | 'of'>, grid: number | undefined): number {
  if (of === 'hidden units') return sampledUnits(rows)[sampledUnits(rows).length >> 1]!;
  return grid === undefined ? rows >> 1 : (grid >> 1) * grid + (grid >> 1);
}

export const rowOf = ({ matrix, tokens }: SpatialFilter, row: number): Float32Array =>
  matrix.slice(row * tokens, (row + 1) * tokens);

/** Rows and columns of the grid, counted from 0: the middles of the three thirds of a side, or all of at most three. */
export function sampledPlaces(grid: number): number[] {
  if (grid <= 3) return Array.from({ length: grid }, (_, place) => place);
  return [1, 3, 5].map((sixths) => Math.floor((grid * sixths) / 6));
}

/** Nine of the hidden units, spread evenly, or all of at most nine. */
export const sampledUnits = (hidden: number): number[] => evenlySpread(hidden, 9);
