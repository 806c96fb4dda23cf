/** Round numbers for an axis: steps of 1, 2 or 5 times a power of ten, about `count` of them, all inside [low, high]. */
export function axisTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high + step * 1e-9; index++)
    ticks.push(Number((index * step).toPrecision(12)));
  return ticks;
}

/** The map of [fromLow, fromHigh] onto [toLow, toHigh], rounded to a hundredth of a pixel. */
export function scale(fromLow: number, fromHigh: number, toLow: number, toHigh: number): (value: number) => number {
  const factor = (toHigh - toLow) / (fromHigh - fromLow || 1);
  return (value) => Math.round((toLow + (value - fromLow) * factor) * 100) / 100;
}
