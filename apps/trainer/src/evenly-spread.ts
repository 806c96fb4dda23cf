/** At most `most` of the numbers below `count`, evenly spread from 0 on; all where there are no more. */
export function evenlySpread(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}
