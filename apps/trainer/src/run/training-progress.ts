/** What a run shows while it trains: one line that follows each step, and lasting lines for what matters later. */
import { formatDuration, formatNumber } from '@gmlp/base';
import { type EvaluationRecord, formatMetrics, type Metrics } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { headlineOf } from '../tasks/shown-figures.ts';
import type { Task } from '../tasks/task.ts';
import { stageProgress } from '../tasks/text/stage-progress.ts';

export interface TrainingProgress {
  step(step: number): void;
  record(metrics: Metrics): void;
  /** A batch of an evaluation is done. */
  evaluating(done: number): void;
  evaluated(evaluation: EvaluationRecord): void;
}

export interface TrainingProgressOptions {
  readonly task: Pick<Task, 'unit' | 'headline' | 'figures'>;
  readonly line: ProgressLine;
  readonly now: () => number;
  /** The step that the run begins after. */
  readonly from: number;
  readonly steps: number;
  readonly validationBatches: number;
}

export function trainingProgress(options: TrainingProgressOptions): TrainingProgress {
  const { task, line, now, from, steps, validationBatches } = options;
  const { unit } = task;
  const start = now();
  let last: Metrics | undefined;
  let evaluation: ReturnType<typeof stageProgress> | undefined;
  const timeLeft = (step: number): number => ((now() - start) / Math.max(step - from, 1)) * (steps - step);
  return {
    step(step) {
      evaluation = undefined;
      if (last !== undefined) line.update(formatMetrics({ ...last, step, timeLeft: timeLeft(step) }, { steps, unit }));
      else line.update(`step ${formatNumber(step)}/${formatNumber(steps)}  ${formatDuration(timeLeft(step))} left`);
    },
    record(metrics) {
      last = metrics;
      line.update(formatMetrics(metrics, { steps, unit }));
    },
    evaluating(done) {
      evaluation ??= stageProgress(line, 'validation, batches', now);
      evaluation(((done - 1) % validationBatches) + 1, validationBatches);
    },
    evaluated({ step, figures, average }) {
      const { label, shown } = headlineOf(task);
      const ofAverage = average === undefined ? '' : `, of the averaged parameters ${shown(average)}`;
      line.print(`step ${formatNumber(step)}: validation ${label} ${shown(figures)}${ofAverage}`);
    },
  };
}
