/**
 * Measured numbers as JSON. JSON has no infinity, and a perplexity is one as soon as the loss is above 709: what JSON has no number
 * for is written as the string "Infinity", "-Infinity" or "NaN", as Protocol Buffers' JSON does, and read back as the number.
 */
const named: ReadonlyMap<unknown, number> = new Map(
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map((value) => [String(value), value]),
);

/** `JSON.stringify`, with every number kept. */
export function figuresToJson(value: unknown, indent?: number): string {
  const keep = (_: string, each: unknown): unknown => (typeof each === 'number' && !Number.isFinite(each) ? String(each) : each);
  return JSON.stringify(value, keep, indent);
}

/** The number that stands for a figure in parsed JSON; undefined when it is none. */
export function figureFromJson(value: unknown): number | undefined {
  return typeof value === 'number' ? value : named.get(value);
}
