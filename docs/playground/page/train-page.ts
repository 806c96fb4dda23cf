/** The page that trains: what to train and where, how it goes, what the model knows. */

import { formatDuration, formatNumber } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { defineComponent, h, ref, type VNode } from 'vue';
import { type ModelKind, modelKinds } from '../worker/model-kinds.ts';
import { ContinueText } from './continue-text.ts';
import { deviceOptions } from './device-options.ts';
import { button, choice, figure, section } from './elements.ts';
import { FillMask } from './fill-mask.ts';
import { FilterMap } from './filter-map.ts';
import { lossChart } from './loss-chart.ts';
import { modelFilesPanel } from './model-files-panel.ts';
import { useTextChoice } from './text-choice.ts';
import { isBusy, kindOf } from './training-view.ts';
import { useTrainer } from './use-trainer.ts';
import './style.css';

const mostSteps = 100_000;

/** Why there is nothing to draw. */
const withoutFilters: Readonly<Record<string, string>> = {
  bert: 'A Transformer has none: it mixes tokens by attention.',
  'mixer-language': 'A Mixer has none: it mixes tokens by way of hidden units, which are no places of the text.',
};

export const TrainPage = defineComponent({
  setup() {
    const trainer = useTrainer();
    const { view, verdicts, device } = trainer;
    const problem = ref('');
    const text = useTextChoice((message) => (problem.value = message));
    const model = ref<ModelKind>('gmlp');
    const steps = ref(600);

    function train(what: ModelKind | 'current'): void {
      problem.value = '';
      void trainer.train({ model: what, steps: steps.value }, text.texts);
    }

    const stepsField = (busy: boolean): VNode =>
      h('p', { class: 'pg-field' }, [
        h('label', { for: 'pg-steps' }, 'Steps'),
        h('input', {
          id: 'pg-steps',
          type: 'number',
          min: 1,
          max: mostSteps,
          value: steps.value,
          disabled: busy,
          onChange(event: Event) {
            const input = event.target as HTMLInputElement;
            steps.value = Math.min(Math.max(Math.round(Number(input.value)) || 1, 1), mostSteps);
            input.value = String(steps.value);
          },
        }),
      ]);

    function settings(busy: boolean): VNode {
      const kinds = Object.entries(modelKinds).map(([value, { name, description }]) => ({
        value,
        label: name,
        note: description,
      }));
      return section(
        'pg-setup',
        'What to train',
        choice('Model', 'pg-model', kinds, model.value, (value) => (model.value = value as ModelKind), busy),
        ...text.render(busy),
        verdicts.value.length > 0 &&
          choice(
            'Device',
            'pg-device',
            deviceOptions(verdicts.value),
            device.value ?? '',
            (value) => (device.value = value as DeviceName),
            busy,
          ),
        stepsField(busy),
      );
    }

    function controls(busy: boolean): VNode {
      const { phase, status, metrics, facts, rests, plannedSteps } = view.value;
      const cannot = !device.value || text.missing();
      return h('div', { class: 'pg-controls' }, [
        h('div', { class: 'pg-buttons' }, [
          busy && phase !== 'loading'
            ? h(
                'button',
                {
                  type: 'button',
                  class: 'pg-button pg-main',
                  'aria-disabled': phase === 'stopping', // not disabled, so that it keeps the focus
                  onClick: () => phase !== 'stopping' && trainer.stop(),
                },
                'Stop',
              )
            : button(facts ? 'Train a new model' : 'Train', () => train(model.value), { main: !facts, disabled: busy || cannot }),
          !busy && rests === 'stopped' && button('Go on', trainer.resume, { main: true }),
          !busy &&
            (rests === 'finished' || rests === 'loaded') &&
            button('Train this one further', () => train('current'), { main: true, disabled: cannot }),
        ]),
        h('p', { class: ['pg-status', phase === 'failed' && 'pg-failed'], role: 'status', 'data-phase': phase }, status),
        problem.value && h('p', { class: 'pg-failed', role: 'alert' }, problem.value),
        h('progress', { 'aria-label': 'Steps done', max: plannedSteps || 1, value: metrics?.step ?? 0 }),
      ]);
    }

    function progress(): VNode | null {
      const { facts, metrics, losses, plannedSteps } = view.value;
      if (!facts) return null;
      return section(
        'pg-progress',
        'How it goes',
        h('div', { class: 'pg-figures' }, [
          figure(metrics ? `${formatNumber(metrics.step)} of ${formatNumber(plannedSteps)}` : '–', 'steps'),
          figure(metrics ? metrics.loss.toFixed(3) : '–', `loss, nats a ${facts.causal ? 'next' : 'masked'} token`),
          figure(metrics ? formatNumber(Math.round(metrics.unitsPerSecond)) : '–', 'tokens a second'),
          figure(metrics ? formatDuration(metrics.timeLeft) : '–', 'left'),
        ]),
        lossChart(losses, plannedSteps),
        h(
          'p',
          { class: 'pg-note' },
          `${kindOf(facts)}: ${facts.layers} blocks, ${formatNumber(facts.parameters)} parameters, ${formatNumber(facts.vocabulary)} pieces, on ${facts.device}.`,
        ),
      );
    }

    function filters(): VNode | null {
      const { facts, filters: weights, filtersStep } = view.value;
      if (!facts) return null;
      if (!facts.filters) {
        return section('pg-filters', 'The filters', h('p', { class: 'pg-note' }, withoutFilters[facts.family]));
      }
      if (weights.length === 0) return null;
      return section(
        'pg-filters',
        'The filters',
        h(
          'p',
          { class: 'pg-note' },
          `What each token (a row) takes from each other (a column), at step ${formatNumber(filtersStep)}: blue adds, orange takes away. At first the weights are nearly zero; a diagonal is one distance.${facts.causal ? ' The model is causal: nothing comes from later tokens.' : ''}`,
        ),
        h(
          'div',
          { class: 'pg-maps' },
          weights.map((weight, block) =>
            h(FilterMap, { weight, tokens: facts.tokens, causal: facts.causal, label: `Block ${block + 1}` }),
          ),
        ),
      );
    }

    function question(): VNode | null {
      const { facts, models: model } = view.value;
      if (!facts) return null;
      return facts.causal
        ? h(ContinueText, { ask: (sentence: string, seed: number) => trainer.ask('continue', { sentence, seed }), model })
        : h(FillMask, { ask: (sentence: string) => trainer.ask('fill', { sentence }), model });
    }

    return () => {
      const busy = isBusy(view.value);
      return h('div', { class: 'pg' }, [
        settings(busy),
        controls(busy),
        progress(),
        filters(),
        question(),
        modelFilesPanel(trainer, busy, (message) => {
          problem.value = message;
        }),
      ]);
    };
  },
});
