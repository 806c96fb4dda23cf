export { type EventFile, type EventFileOptions, openEventFile } from './event-file.ts';
export { type MetricsFile, openMetricsFile } from './metrics-file.ts';
export { type ProgressLine, type ProgressLineOptions, type ProgressStream, progressLine } from './progress-line.ts';
