/**
 * The settings of fine-tuning for GLUE in table 9 of the paper: at most 128 tokens, batches of 16 or 32, rates of 1e-5, 2e-5 or 3e-5 that
 * fall linearly, 5 epochs. That a tenth of the steps warms up, that weights decay by 0.01 and that 0.1 is dropped is written down from memory.
 */
export const table9 = {
  tokens: 128,
  batches: [16, 32],
  rates: [1e-5, 2e-5, 3e-5],
  epochs: 5,
  warmup: 0.1,
  weightDecay: 0.01,
  epsilon: 1e-6,
  dropout: 0.1,
} as const;

/** Of a run that is not part of a grid. */
export const oneSetting = { batch: 32, rate: 2e-5 } as const;

/** The paper's models have 512 channels and more. Smaller ones learn at higher rates: the square of what they lack. */
export const rateFor = (channels: number, rate: number): number =>
  Number((rate * Math.max(1, 512 / channels) ** 2).toPrecision(3));
