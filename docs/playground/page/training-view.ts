/** What the page shows of a training: a pure function of the events of the worker. */
import type { HostArray } from '@gmlp/base';
import type { Metrics } from '@gmlp/training';
import type { ModelFacts, TrainerEvent } from '../worker/messages.ts';

export interface TrainingView {
  readonly phase: 'idle' | 'loading' | 'preparing' | 'training' | 'stopping' | 'stopped' | 'finished' | 'loaded' | 'failed';
  /** In words, for the line of status. */
  readonly status: string;
  readonly facts?: ModelFacts;
  readonly metrics?: Metrics;
  /** [step, loss], the first step first. */
  readonly losses: readonly (readonly [number, number])[];
  readonly filters: readonly HostArray[];
  readonly filtersStep: number;
}

export const nothingYet: TrainingView = { phase: 'idle', status: '', losses: [], filters: [], filtersStep: 0 };

export const isBusy = ({ phase }: TrainingView): boolean => ['loading', 'preparing', 'training', 'stopping'].includes(phase);

export function afterEvent(view: TrainingView, event: TrainerEvent): TrainingView {
  switch (event.kind) {
    case 'stage':
      return view.phase === 'stopping' ? view : { ...view, status: `${event.text} …` };
    case 'started':
      return { ...view, facts: event.facts };
    case 'step': {
      const { metrics } = event;
      const phase = view.phase === 'stopping' ? 'stopping' : 'training';
      const status = phase === 'stopping' ? view.status : 'Training';
      return { ...view, phase, status, metrics, losses: [...view.losses, [metrics.step, metrics.loss]] };
    }
    case 'filters':
      return { ...view, filters: event.weights, filtersStep: event.step };
    case 'ended': {
      const status = event.outcome === 'finished' ? `Finished after step ${event.step}` : `Stopped after step ${event.step}`;
      return { ...view, phase: event.outcome, status };
    }
    case 'failed':
      return { ...view, phase: 'failed', status: event.message };
  }
}
