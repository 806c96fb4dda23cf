import { formatDuration, formatNumber } from '@gmlp/base';
import type { Figures } from '@gmlp/training';
import { headlineOf } from '../tasks/shown-figures.ts';
import { type TaskName, taskOf } from '../tasks/table.ts';
import { prefixed } from './metrics-records.ts';

/** What a finished run has come to. */
export interface TrainingSummary {
  /** The folder of the run. */
  readonly run: string;
  readonly recipe: string;
  readonly task: TaskName;
  /** `early`: validation no longer became better. */
  readonly outcome: 'finished' | 'early';
  readonly step: number;
  readonly steps: number;
  /** The model directory, and the step whose parameters it holds. */
  readonly model: string;
  readonly modelStep: number;
  /** Of the held-out data. */
  readonly figures: Figures;
  /** The same of the averaged parameters, if they are kept. */
  readonly average?: Figures;
  /** Of a model that knows nothing. */
  readonly baseline: Figures;
  readonly parameters: number;
  /** Of training, all sessions together. */
  readonly seconds: number;
}

export function formatSummary(summary: TrainingSummary): string {
  const task = taskOf(summary.task);
  const { outcome, step, steps, model, modelStep, figures, average, baseline, seconds } = summary;
  const how =
    outcome === 'early'
      ? `stopped early at step ${formatNumber(step)} of ${formatNumber(steps)}`
      : `${formatNumber(steps)} steps`;
  const { name, label, shown } = headlineOf(task);
  const rows = [
    [`validation ${label}`, shown(figures)],
    ...(average === undefined ? [] : [['averaged parameters', shown(average)]]),
    ...task.baseline.flatMap((each) => (each.of === name ? [[each.label, shown({ [name]: baseline[each.name]! })]] : [])),
  ] as [string, string][];
  const width = Math.max(...rows.map(([first]) => first.length));
  return [
    `${how} in ${formatDuration(seconds)}; the model of step ${formatNumber(modelStep)} is in ${model}`,
    ...rows.map(([first, value]) => `${first.padEnd(width)} ${value}`),
    '',
  ].join('\n');
}

/** As JSON has it: the figures by the names of metrics.jsonl. */
export function summaryJson({ figures, average = {}, baseline, parameters, seconds, ...run }: TrainingSummary): object {
  return { ...run, ...prefixed('val', figures), ...prefixed('emaVal', average), ...baseline, parameters, seconds };
}
