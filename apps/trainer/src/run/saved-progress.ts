/** What a run goes on from besides arrays, as a checkpoint's JSON holds it. A figure may be infinite, which JSON has no number for. */
import { figureFromJson, figuresToJson, GmlpError } from '@gmlp/base';
import type { EvaluationRecord, Figures, RunProgress } from '@gmlp/training';

export function savedProgress(progress: RunProgress): object {
  return JSON.parse(figuresToJson(progress)) as object;
}

/** The inverse; `path` is that of the checkpoint, for errors. */
export function expectProgress(state: unknown, path: string): RunProgress {
  const { evaluations, seconds, unrecorded } = (state ?? {}) as Partial<RunProgress>;
  const records = Array.isArray(evaluations) ? evaluations.map(evaluationRecord) : [undefined];
  const whole =
    records.every((record) => record !== undefined) &&
    Number.isFinite(seconds) &&
    (unrecorded === undefined || [unrecorded?.steps, unrecorded?.losses].every(Number.isFinite));
  if (whole) return { ...(state as RunProgress), evaluations: records };
  throw new GmlpError(
    'invalid-data',
    `train: the state of ${path} is not a run's; was it written by another version of gmlp, or by another program?`,
    { path },
  );
}

function evaluationRecord(saved: unknown): EvaluationRecord | undefined {
  const { step, figures, average } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  const [read, readAverage] = [figuresOf(figures), average === undefined ? undefined : figuresOf(average)];
  if (!isNumber(step) || read === undefined || (average !== undefined && readAverage === undefined)) return undefined;
  return { step, figures: read, ...(readAverage && { average: readAverage }) };
}

function figuresOf(saved: unknown): Figures | undefined {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) return undefined;
  const figures = Object.entries(saved).map(([name, value]) => [name, figureFromJson(value)] as const);
  return figures.every(([, value]) => value !== undefined) ? (Object.fromEntries(figures) as Figures) : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
