/** A long series as one that a page can hold: means of neighbours, at most `most` of them, the last value kept as it is. */
export function thin(
  points: readonly (readonly [step: number, value: number])[],
  most: number,
): readonly (readonly [step: number, value: number])[] {
  if (points.length <= most) return points;
  const size = Math.ceil(points.length / (most - 1));
  const thinned: (readonly [number, number])[] = [];
  for (let first = 0; first < points.length; first += size) {
    const group = points.slice(first, first + size).filter(([, value]) => Number.isFinite(value));
    if (group.length === 0) continue;
    const mean = (at: 0 | 1): number => group.reduce((sum, point) => sum + point[at], 0) / group.length;
    thinned.push([mean(0), mean(1)]);
  }
  return [...thinned, points.at(-1)!];
}
