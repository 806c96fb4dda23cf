/** What each place of a resized line is made of: a filter as wide as the scale asks for, so that what is made smaller is smoothed. */

export type Interpolation = 'bicubic' | 'bilinear';

interface Filter {
  /** How far it reaches, in places of the longer line. */
  readonly support: number;
  weight(x: number): number;
}

export const filters: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys (1981) with a = -0.5.
  bicubic: {
    support: 2,
    weight(x) {
      const a = -0.5;
      const d = Math.abs(x);
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
      return 0;
    },
  },
};

/** The places of the old line from `begin` on, with what each gives to one of the new line; the shares have the sum 1. */
export interface ResamplingShares {
  readonly begin: number;
  readonly shares: Float64Array;
}

/** Of a line of `from` places made one of `to`: what its `place` is made of, as in Pillow and in PyTorch's `antialias`. */
export function resamplingShares(from: number, to: number, place: number, interpolation: Interpolation): ResamplingShares {
  const { support, weight } = filters[interpolation];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const center = (place + 0.5) * scale;
  const begin = Math.max(0, Math.trunc(center - reach + 0.5));
  const end = Math.min(from, Math.trunc(center + reach + 0.5));
  const shares = new Float64Array(end - begin);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    const share = weight((begin + i - center + 0.5) * (1 / stretch));
    shares[i] = share;
    sum += share;
  }
  if (sum !== 0) for (let i = 0; i < shares.length; i++) shares[i]! /= sum;
  return { begin, shares };
}
