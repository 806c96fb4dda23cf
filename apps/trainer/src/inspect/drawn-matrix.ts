/** A matrix made ready to be drawn: small enough for a page, and every value a number. */

export interface DrawnMatrix {
  readonly matrix: Float32Array;
  readonly size: number;
}

/** A square matrix of more than `most` rows is cut into squares of `factor`, each shown by its value furthest from zero. */
export function drawnMatrix(matrix: Float32Array, size: number, most: number): DrawnMatrix {
  const factor = Math.ceil(size / most);
  if (factor <= 1) return { matrix, size };
  const smaller = Math.ceil(size / factor);
  const strongest = new Float32Array(smaller * smaller);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const place = Math.floor(i / factor) * smaller + Math.floor(j / factor);
      const value = matrix[i * size + j]!;
      if (Math.abs(value) > Math.abs(strongest[place]!)) strongest[place] = value;
    }
  }
  return { matrix: strongest, size: smaller };
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
