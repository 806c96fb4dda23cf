/** What the runs of a fine-tuning come to: the median over the seeds of each setting, as the paper reports it, beside all runs. */
import type { Figures } from '@gmlp/training';
import { formatTable } from '../format-table.ts';
import { shownFigure } from '../tasks/shown-figures.ts';
import type { Figure, Task } from '../tasks/task.ts';
import type { FineTunedRun } from './fine-tune.ts';
import { median } from './median.ts';

export interface SettingSummary {
  readonly setting: string;
  readonly seeds: number;
  readonly median: Figures;
  readonly further: Readonly<Record<string, Figures>>;
}

export interface FineTuningSummary {
  /** The figure that decides, by its name. */
  readonly figure: string;
  readonly runs: readonly FineTunedRun[];
  /** The best first. */
  readonly settings: readonly SettingSummary[];
}

export function fineTuningSummary(runs: readonly FineTunedRun[], figure: Pick<Figure, 'name' | 'better'>): FineTuningSummary {
  const names = [...new Set(runs.map(({ setting }) => setting))];
  const settings = names.map((setting): SettingSummary => {
    const own = runs.filter((run) => run.setting === setting);
    const further = Object.keys(own[0]!.further).map((name) => [name, medians(own.map((run) => run.further[name]!))] as const);
    return {
      setting,
      seeds: own.length,
      median: medians(own.map(({ figures }) => figures)),
      further: Object.fromEntries(further),
    };
  });
  const worth = ({ median: { [figure.name]: value } }: SettingSummary): number => (figure.better === 'higher' ? -value! : value!);
  return { figure: figure.name, runs, settings: settings.sort((a, b) => worth(a) - worth(b)) };
}

const medians = (all: readonly Figures[]): Figures =>
  Object.fromEntries(Object.keys(all[0]!).map((name) => [name, median(all.map((figures) => figures[name]!))]));

export function formatFineTuning({ runs, settings }: FineTuningSummary, { figures }: Pick<Task, 'figures'>): string {
  const shown = (of: Figures): readonly string[] => figures.map((figure) => shownFigure(figure, of[figure.name]!));
  const names = Object.keys(runs[0]!.further);
  const labels = figures.map(({ label }) => label);
  const first = figures[0];
  const furtherShown = (further: FineTunedRun['further']): readonly string[] =>
    names.map((name) => shownFigure(first, further[name]![first.name]!));
  const header = [...labels, ...names.map((name) => `${name} ${first.label}`)];
  const rows = runs.map(({ run, figures: of, further }) => [run, ...shown(of), ...furtherShown(further)]);
  const all = formatTable(['run', ...header], rows);
  if (runs.length === 1) return `${all}\n`;
  const ofSettings = settings.map(({ setting, seeds, median: of, further }) => [
    setting === '' ? `median of ${seeds}` : `${setting}, median of ${seeds}`,
    ...shown(of),
    ...furtherShown(further),
  ]);
  return `${all}\n\n${formatTable(['', ...header], ofSettings)}\n`;
}
