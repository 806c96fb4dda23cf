/** What a run is asked to do, refused where it would do something else: a step that is never reached, an evaluation that never comes. */
import { GmlpError } from '@gmlp/base';
import type { BestBy, EvaluationRecord } from './evaluation-record.ts';

interface Planned {
  readonly steps: number;
  readonly evaluation: { readonly every: number };
  readonly checkpoints: { readonly every: number };
  readonly best: BestBy;
}

/** `from` is the checkpoint to go on from. */
export function expectPlan({ steps, evaluation, checkpoints, best }: Planned, from: { readonly step: number } | undefined): void {
  const refuse = (name: string, expected: string, got: unknown): GmlpError =>
    new GmlpError('invalid-argument', `trainingRun: ${name}: expected ${expected}, got ${String(got)}`, { name, got });
  const counts = { steps, 'evaluation.every': evaluation.every, 'checkpoints.every': checkpoints.every };
  for (const [name, count] of Object.entries(counts)) {
    if (!(Number.isSafeInteger(count) && count >= 1)) throw refuse(name, 'a whole number of at least 1', count);
  }
  if (!(['lower', 'higher'] as readonly unknown[]).includes(best.better)) {
    throw refuse('best.better', '"lower" or "higher"', best.better);
  }
  if (from !== undefined && !(Number.isSafeInteger(from.step) && from.step >= 0 && from.step <= steps)) {
    throw refuse('the step of the checkpoint', `a whole number from 0 to the ${steps} of the plan`, from.step);
  }
}

/** A misspelt name would never be better: no best checkpoint, and a run that stops early. */
export function expectFigure({ figures }: EvaluationRecord, { best }: Pick<Planned, 'best'>): void {
  if (Object.hasOwn(figures, best.figure)) return;
  const names = Object.keys(figures).join(', ');
  throw new GmlpError(
    'invalid-argument',
    `trainingRun: best.figure: expected one that is measured (${names}), got ${best.figure}`,
    {
      figure: best.figure,
    },
  );
}
