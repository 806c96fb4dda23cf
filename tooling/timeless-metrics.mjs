/** The fields of a line of metrics.jsonl that depend on the clock and the machine: two runs of the same numbers differ in them alone. */
const ofTheClock = new Set(['tokensPerSecond', 'imagesPerSecond', 'examplesPerSecond', 'gflopsPerSecond', 'productShare', 'waitingShare', 'seconds', 'timeLeft', 'split', 'peakBytes']); // biome-ignore format: one line

/** The lines without them. */
export function timelessMetrics(text) {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => Object.fromEntries(Object.entries(JSON.parse(line)).filter(([name]) => !ofTheClock.has(name))));
}
