/** The worker that trains and what the page knows of it, for as long as the page is open. */
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import { onBeforeUnmount, onMounted, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import type { ModelFiles, PageTraining, Questions, ToWorker, TrainerEvent } from '../worker/messages.ts';
import { useQuestionBeforeLeaving } from './ask-before-leaving.ts';
import { bestDevice } from './device-options.ts';
import { showing } from './showing.ts';
import { afterEvent, isBusy, kindOf, nothingYet, type TrainingView } from './training-view.ts';
import { type WorkerClient, workerClient } from './worker-client.ts';

export interface Trainer {
  readonly view: Readonly<ShallowRef<TrainingView>>;
  readonly verdicts: Readonly<ShallowRef<readonly DeviceVerdict[]>>;
  readonly device: Ref<DeviceName | undefined>;
  /** Begins when the texts are there; what is wrong with them is shown. */
  train(job: Omit<PageTraining, 'device' | 'texts'>, texts: () => Promise<readonly string[]>): Promise<void>;
  stop(): void;
  resume(): void;
  /** Throws what is wrong with the files; what was there stays. */
  load(files: () => Promise<ModelFiles>): Promise<void>;
  ask<Q extends keyof Questions>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']>;
  /** The reader has taken the model of that number away, as it stands. */
  saved(models: number): void;
}

export function useTrainer(): Trainer {
  const view = shallowRef<TrainingView>(nothingYet);
  const verdicts = shallowRef<readonly DeviceVerdict[]>([]);
  const device = ref<DeviceName>();
  let client: WorkerClient<Questions, ToWorker> | undefined;

  const say = (phase: TrainingView['phase'], status: string): void => {
    view.value = { ...view.value, phase, status };
  };
  const shown = showing((message) => say('failed', message));

  onMounted(() =>
    shown(async () => {
      const worker = new Worker(new URL('../worker/training-worker.ts', import.meta.url), { type: 'module' });
      client = workerClient(worker, (event: TrainerEvent) => {
        view.value = afterEvent(view.value, event);
      });
      say('idle', 'Looking for devices …');
      verdicts.value = await client.ask('devices', {});
      device.value = bestDevice(verdicts.value);
      say('idle', device.value ? 'Ready' : 'No device of this browser can train.');
    }),
  );
  onBeforeUnmount(() => client?.close());
  useQuestionBeforeLeaving(
    'Leave this page? What was trained in it is lost; "Model directory (.zip)" keeps it.',
    () => view.value.unsaved,
  );

  return {
    view,
    verdicts,
    device,
    train: ({ model, steps }, texts) =>
      shown(async () => {
        say('preparing', 'Reading the text …');
        const job = { device: device.value!, model, steps, texts: await texts() };
        client!.tell({ kind: 'train', job });
      }),
    stop() {
      say('stopping', 'Stopping after this step …');
      client!.tell({ kind: 'stop' });
    },
    resume() {
      say('preparing', 'Going on …');
      client!.tell({ kind: 'resume' });
    },
    async load(files) {
      const before = view.value;
      say('loading', 'Loading the model …');
      try {
        const facts = await client!.ask('load', { device: device.value!, files: await files() });
        const { filters, models } = view.value; // the filters came before
        const status = `Loaded: ${kindOf(facts)}, ${facts.layers} blocks`;
        const shows = facts.filters ? filters : [];
        view.value = { ...nothingYet, phase: 'loaded', rests: 'loaded', status, facts, filters: shows, models: models + 1 };
      } catch (error) {
        view.value = before; // what was there is there
        throw error;
      }
    },
    ask: (question, asked) => client!.ask(question, asked),
    saved(models) {
      if (view.value.models === models) view.value = { ...view.value, unsaved: isBusy(view.value) };
    },
  };
}
