/** Figures of a task in the words and numbers that people read. */
import { formatNumber } from '@gmlp/base';
import type { Figures } from '@gmlp/training';
import type { Figure, Task } from './task.ts';

export const shownFigure = ({ format = formatNumber }: Pick<Figure, 'format'>, value: number): string => format(value);

export interface Headline extends Figure {
  /** As people read it, of an evaluation. */
  readonly shown: (figures: Figures) => string;
}

/** The figure that people are told of. */
export function headlineOf({ figures, headline }: Pick<Task, 'figures' | 'headline'>): Headline {
  const figure = figures.find(({ name }) => name === headline)!;
  return { ...figure, shown: (values) => shownFigure(figure, values[headline]!) };
}
