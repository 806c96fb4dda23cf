/** What the page shows of a training: a pure function of the events of the worker. */
import type { HostArray } from '@gmlp/base';
import type { Metrics } from '@gmlp/training';
import type { LiveModelFacts, TrainerEvent } from '../worker/messages.ts';

export interface TrainingView {
  /** `failed` says of what was tried last: a model from before it is there as it was. */
  readonly phase: 'idle' | 'loading' | 'preparing' | 'training' | 'stopping' | 'stopped' | 'finished' | 'loaded' | 'failed';
  /** In words, for the line of status. */
  readonly status: string;
  readonly facts?: LiveModelFacts;
  /** How the model came to rest; absent while it trains, and when its training failed. */
  readonly rests?: 'stopped' | 'finished' | 'loaded';
  /** What the training that is shown aims at. */
  readonly plannedSteps: number;
  /** Counts the models, so that what was said of one is not taken for another's. */
  readonly models: number;
  /** Whether there is a training that nobody has taken away yet. */
  readonly unsaved: boolean;
  readonly metrics?: Metrics;
  /** [step, loss], the first step first. */
  readonly losses: readonly (readonly [number, number])[];
  readonly filters: readonly HostArray[];
  readonly filtersStep: number;
}

export const nothingYet: TrainingView = {
  phase: 'idle',
  status: '',
  plannedSteps: 0,
  models: 0,
  unsaved: false,
  losses: [],
  filters: [],
  filtersStep: 0,
};

export const isBusy = ({ phase }: TrainingView): boolean => ['loading', 'preparing', 'training', 'stopping'].includes(phase);

/** In words. */
export const kindOf = ({ family, causal }: LiveModelFacts): string => (causal ? `${family}, causal` : family);

export function afterEvent(view: TrainingView, event: TrainerEvent): TrainingView {
  switch (event.kind) {
    case 'stage':
      return view.phase === 'stopping' ? view : { ...view, status: `${event.text} …` };
    case 'started': {
      const { phase, status, models, metrics, losses } = view;
      const begun = { ...nothingYet, phase, status, facts: event.facts, plannedSteps: event.steps, unsaved: true };
      return event.from > 0 ? { ...begun, models, losses, ...(metrics && { metrics }) } : { ...begun, models: models + 1 };
    }
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
      return { ...view, phase: event.outcome, rests: event.outcome, status };
    }
    case 'failed': // until a training has started, the model from before rests
      return { ...view, phase: 'failed', status: event.message };
  }
}
