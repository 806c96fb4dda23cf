/** The lines of metrics.jsonl without what depends on the clock and the machine. */
export function timelessMetrics(text: string): readonly Record<string, unknown>[];
