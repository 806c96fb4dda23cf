/** A matrix made ready to be drawn: small enough for a page, and every value a number. */

export interface DrawnMatrix {
  readonly matrix: Float32Array;
  readonly columns: number;
}

/** A matrix of more than `most` rows or columns is cut into squares of `factor`, each shown by its value furthest from zero. */
export function drawnMatrix(matrix: Float32Array, columns: number, most: number): DrawnMatrix {
  const rows = matrix.length / columns;
  const factor = Math.ceil(Math.max(rows, columns) / most);
  if (factor <= 1) return { matrix, columns };
  const fewer = Math.ceil(columns / factor);
  const strongest = new Float32Array(Math.ceil(rows / factor) * fewer);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const place = Math.floor(i / factor) * fewer + Math.floor(j / factor);
      const value = matrix[i * columns + j]!;
      if (Math.abs(value) > Math.abs(strongest[place]!)) strongest[place] = value;
    }
  }
  return { matrix: strongest, columns: fewer };
}

/** Infinities and what is no number become zero: they have no place on a scale. They are counted. */
export function finiteValues(values: Float32Array): { readonly values: Float32Array; readonly replaced: number } {
  let replaced = 0;
  const finite = values.map((value) => {
    if (Number.isFinite(value)) return value;
    replaced++;
    return 0;
  });
  return { values: finite, replaced };
}
