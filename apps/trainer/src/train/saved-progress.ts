/** What a run goes on from besides arrays, as a checkpoint's JSON holds it. A perplexity may be infinite, which JSON has no number for. */
import { figureFromJson, figuresToJson, GmlpError } from '@gmlp/base';
import type { EvaluationRecord } from './evaluation-record.ts';
import type { RunProgress } from './training-events.ts';

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
  throw new GmlpError('invalid-data', `train: the state of ${path} is not a run's; was it written by another program?`, { path });
}

function evaluationRecord(saved: unknown): EvaluationRecord | undefined {
  const { step, valLoss, emaValLoss, ...others } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  const [valPerplexity, emaValPerplexity] = [others['valPerplexity'], others['emaValPerplexity']].map(figureFromJson);
  if (!isNumber(step) || !isNumber(valLoss) || valPerplexity === undefined) return undefined;
  if (emaValLoss === undefined) return { step, valLoss, valPerplexity };
  if (!isNumber(emaValLoss) || emaValPerplexity === undefined) return undefined;
  return { step, valLoss, valPerplexity, emaValLoss, emaValPerplexity };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
