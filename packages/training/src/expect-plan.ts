/** What a run is asked to do, refused where it would do something else: a step that is never reached, an evaluation that never comes. */
import { GmlpError } from '@gmlp/base';
import type { BestBy } from './evaluation-record.ts';
import type { Figures } from './objective.ts';

interface Planned {
  readonly steps: number;
  readonly evaluation: { readonly every: number; readonly best: BestBy } | null;
  readonly checkpoints: { readonly every: number };
}

/** `from` is the checkpoint to go on from. */
export function expectPlan({ steps, evaluation, checkpoints }: Planned, from: { readonly step: number } | undefined): void {
  const refuse = (name: string, expected: string, got: unknown): GmlpError =>
    new GmlpError('invalid-argument', `trainingRun: ${name}: expected ${expected}, got ${String(got)}`, { name, got });
  if (evaluation === undefined) throw refuse('evaluation', 'when and by what it is done, or null for none', evaluation);
  const counts = { steps, ...(evaluation && { 'evaluation.every': evaluation.every }), 'checkpoints.every': checkpoints.every };
  for (const [name, count] of Object.entries(counts)) {
    if (!(Number.isSafeInteger(count) && count >= 1)) throw refuse(name, 'a whole number of at least 1', count);
  }
  if (evaluation !== null && !(['lower', 'higher'] as readonly unknown[]).includes(evaluation.best?.better)) {
    throw refuse('evaluation.best.better', '"lower" or "higher"', evaluation.best?.better);
  }
  if (from !== undefined && !(Number.isSafeInteger(from.step) && from.step >= 0 && from.step <= steps)) {
    throw refuse('the step of the checkpoint', `a whole number from 0 to the ${steps} of the plan`, from.step);
  }
}

/** A misspelt name would never be better: no best checkpoint, and a run that stops early. */
export function expectFigure(figures: Figures, { figure }: BestBy): void {
  if (Object.hasOwn(figures, figure)) return;
  const names = Object.keys(figures).join(', ');
  throw new GmlpError(
    'invalid-argument',
    `trainingRun: evaluation.best.figure: expected one that is measured (${names}), got ${figure}`,
    { figure },
  );
}
