/** The page that trains: what to train and where, how it goes, what the model knows. */
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import { formatDuration, formatNumber } from '@gmlp/training';
import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type VNode } from 'vue';
import { type ModelKind, modelKinds } from '../worker/model-kinds.ts';
import { bestDevice, deviceOptions } from './device-options.ts';
import { button, choice, figure, section } from './elements.ts';
import { FillMask } from './fill-mask.ts';
import { FilterMap } from './filter-map.ts';
import { lossChart } from './loss-chart.ts';
import { type TrainerClient, trainerClient } from './trainer-client.ts';
import { afterEvent, isBusy, nothingYet, type TrainingView } from './training-view.ts';
import './style.css';

const mostSteps = 100_000;

export const TrainPage = defineComponent({
  setup() {
    const view = shallowRef<TrainingView>(nothingYet);
    const verdicts = shallowRef<readonly DeviceVerdict[]>([]);
    const device = ref<DeviceName>();
    const model = ref<ModelKind>('gmlp');
    const steps = ref(600);
    let client: TrainerClient | undefined;

    onMounted(async () => {
      const worker = new Worker(new URL('../worker/training-worker.ts', import.meta.url), { type: 'module' });
      client = trainerClient(worker, (event) => {
        view.value = afterEvent(view.value, event);
      });
      view.value = { ...nothingYet, status: 'Looking for devices …' };
      try {
        verdicts.value = await client.ask('devices', {});
        device.value = bestDevice(verdicts.value);
        view.value = { ...nothingYet, status: device.value ? 'Ready' : 'No device of this browser can train.' };
      } catch (error) {
        view.value = { ...nothingYet, phase: 'failed', status: (error as Error).message };
      }
    });
    onBeforeUnmount(() => client?.close());

    async function train(): Promise<void> {
      if (!client || !device.value) return;
      view.value = { ...nothingYet, phase: 'preparing', status: 'Reading the text …' };
      const { addresses } = await import('virtual:addresses');
      const job = { device: device.value, model: model.value, texts: addresses, steps: steps.value };
      client.tell({ kind: 'train', job });
    }
    function stop(): void {
      view.value = { ...view.value, phase: 'stopping', status: 'Stopping after this step …' };
      client?.tell({ kind: 'stop' });
    }
    function resume(): void {
      view.value = { ...view.value, phase: 'preparing', status: 'Going on …' };
      client?.tell({ kind: 'resume' });
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

    function setup(): VNode {
      const busy = isBusy(view.value);
      const kinds = Object.entries(modelKinds).map(([value, { name, description }]) => ({
        value,
        label: name,
        note: description,
      }));
      return section(
        'pg-setup',
        'What to train',
        choice('Model', 'pg-model', kinds, model.value, (value) => (model.value = value as ModelKind), busy),
        verdicts.value.length > 0
          ? choice(
              'Device',
              'pg-device',
              deviceOptions(verdicts.value),
              device.value ?? '',
              (value) => (device.value = value as DeviceName),
              busy,
            )
          : null,
        stepsField(busy),
      );
    }

    function controls(): VNode {
      const { phase, status, metrics } = view.value;
      const began = view.value.facts !== undefined;
      return h('div', { class: 'pg-controls' }, [
        h('div', { class: 'pg-buttons' }, [
          isBusy(view.value)
            ? button('Stop', stop, { main: true, disabled: phase !== 'training' })
            : button(began ? 'Start anew' : 'Train', train, { main: phase !== 'stopped', disabled: !device.value }),
          phase === 'stopped' && button('Go on', resume, { main: true }),
        ]),
        h('p', { class: ['pg-status', phase === 'failed' && 'pg-failed'], role: 'status', 'data-phase': phase }, status),
        h('progress', { 'aria-label': 'Steps done', max: steps.value, value: metrics?.step ?? 0 }),
      ]);
    }

    function progress(): VNode | null {
      const { facts, metrics, losses } = view.value;
      if (!facts) return null;
      return section(
        'pg-progress',
        'How it goes',
        h('div', { class: 'pg-figures' }, [
          figure(metrics ? `${formatNumber(metrics.step)} of ${formatNumber(steps.value)}` : '–', 'steps'),
          figure(metrics ? metrics.loss.toFixed(3) : '–', 'loss, nats a masked token'),
          figure(metrics ? formatNumber(Math.round(metrics.tokensPerSecond)) : '–', 'tokens a second'),
          figure(metrics ? formatDuration(metrics.timeLeft) : '–', 'left'),
        ]),
        lossChart(losses, steps.value),
        h(
          'p',
          { class: 'pg-note' },
          `${facts.layers} blocks, ${formatNumber(facts.parameters)} parameters, ${formatNumber(facts.vocabulary)} pieces, on ${facts.device}.`,
        ),
      );
    }

    function filters(): VNode | null {
      const { facts, filters: weights, filtersStep } = view.value;
      if (!facts?.filters || weights.length === 0) return null;
      return section(
        'pg-filters',
        'The filters',
        h(
          'p',
          { class: 'pg-note' },
          `What each token (a row) takes from each other (a column), at step ${formatNumber(filtersStep)}: blue adds, orange takes away. At first the weights are nearly zero; a diagonal is one distance.`,
        ),
        h(
          'div',
          { class: 'pg-maps' },
          weights.map((weight, block) => h(FilterMap, { weight, tokens: facts.tokens, label: `Block ${block + 1}` })),
        ),
      );
    }

    return () =>
      h('div', { class: 'pg' }, [
        setup(),
        controls(),
        progress(),
        filters(),
        view.value.facts && h(FillMask, { ask: (sentence: string) => client!.ask('fill', { sentence }) }),
      ]);
  },
});
