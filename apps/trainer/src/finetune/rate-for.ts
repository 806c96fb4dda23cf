/** The paper's models have 512 channels and more. Smaller ones learn at higher rates: the square of what they lack. */
export const rateFor = (channels: number, rate: number): number =>
  Number((rate * Math.max(1, 512 / channels) ** 2).toPrecision(3));
