/** The loss over the steps: training as a line, validation as points, the unigram model's loss as the line to get below. */
import { formatNumber } from '@gmlp/training';
import type { Markup } from './html.ts';
import { lineChart } from './line-chart.ts';

export interface CurvePoint {
  readonly step: number;
  /** Nats. */
  readonly loss: number;
}

export interface LossCurveData {
  readonly training: readonly CurvePoint[];
  readonly validation: readonly CurvePoint[];
  readonly unigramLoss: number;
}

export function lossCurve({ training, validation, unigramLoss }: LossCurveData): Markup {
  const points = (curve: readonly CurvePoint[]) => curve.map(({ step, loss }) => [step, loss] as const);
  return lineChart({
    label: 'Loss over the training steps',
    format: lossAndPerplexity,
    series: [
      { name: 'training', form: 'line', colour: 0, points: points(training) },
      { name: 'validation', form: 'points', colour: 1, points: points(validation) },
      { name: 'unigram model', form: 'level', colour: 2, points: [[0, unigramLoss]] },
    ],
  });
}

export const lossAndPerplexity = (loss: number): string => `loss ${loss.toFixed(3)}, perplexity ${formatNumber(Math.exp(loss))}`;
