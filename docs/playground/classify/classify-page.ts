/** The page that classifies: a model directory and an image in, the likeliest classes out. */

import { formatNumber } from '@gmlp/base';
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import { defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowRef, useTemplateRef } from 'vue';
import { modelFilesOf } from '../files/chosen-files.ts';
import { bestDevice, deviceOptions } from '../page/device-options.ts';
import { bars, choice, filePicker, section } from '../page/elements.ts';
import { showing } from '../page/showing.ts';
import { type Failed, type WorkerClient, workerClient } from '../page/worker-client.ts';
import type { ModelFiles } from '../worker/messages.ts';
import { decodePicture, drawPixels } from './image-pixels.ts';
import type { ClassifierFacts, ClassifierQuestions, LikelyClass } from './messages.ts';
import '../page/style.css';

type Phase = 'idle' | 'busy' | 'ready' | 'done' | 'failed';

export const ClassifyPage = defineComponent({
  setup() {
    const phase = ref<Phase>('busy');
    const status = ref('Looking for devices …');
    const verdicts = shallowRef<readonly DeviceVerdict[]>([]);
    const device = ref<DeviceName>();
    const facts = shallowRef<ClassifierFacts>();
    const classes = shallowRef<readonly LikelyClass[]>([]);
    const canvas = useTemplateRef<HTMLCanvasElement>('canvas');
    let files: ModelFiles | undefined;
    let image: File | undefined;
    let client: WorkerClient<ClassifierQuestions, never> | undefined;

    const say = (next: Phase, text: string): void => {
      phase.value = next;
      status.value = text;
    };
    const shown = showing((message) => say('failed', message));

    onMounted(() =>
      shown(async () => {
        const worker = new Worker(new URL('./classify-worker.ts', import.meta.url), { type: 'module' });
        client = workerClient(worker, ({ message }: Failed) => say('failed', message));
        verdicts.value = await client.ask('devices', {});
        device.value = bestDevice(verdicts.value);
        say('idle', device.value ? 'Choose a model' : 'No device of this browser can run a model.');
      }),
    );
    onBeforeUnmount(() => client?.close());

    async function load(given: ModelFiles): Promise<void> {
      say('busy', 'Loading the model …');
      const loaded = await client!.ask('load', { device: device.value!, files: given });
      files = given;
      facts.value = loaded;
      say('ready', 'Choose an image');
      if (image) await classify(image);
    }

    async function classify(file: File): Promise<void> {
      say('busy', 'Classifying …');
      await nextTick();
      const picture = await decodePicture(file); // of a file that is no image, what is shown stays
      image = file;
      classes.value = [];
      const { classes: likeliest, seen } = await client!.ask('classify', { picture });
      drawPixels(seen, canvas.value!);
      classes.value = likeliest;
      const [first] = likeliest;
      say('done', first ? `${first.name}, ${(100 * first.probability).toFixed(1)} %` : '');
    }

    function chooseDevice(name: string): void {
      device.value = name as DeviceName;
      const given = files;
      if (given) void shown(() => load(given));
    }

    return () => {
      const busy = phase.value === 'busy';
      const known = facts.value;
      return h('div', { class: 'pg' }, [
        section(
          'pg-model',
          'Model and image',
          verdicts.value.length > 0 &&
            choice('Device', 'pg-device', deviceOptions(verdicts.value), device.value ?? '', chooseDevice, busy),
          filePicker(
            'pg-load',
            'Model directory',
            'its zip, or config.json and model.safetensors together; with them preprocessing.json, or labels.txt, a class a line, if you have it',
            (chosen) => {
              if (chosen.length > 0) void shown(async () => load(await modelFilesOf(chosen)));
            },
            { accept: '.zip,.json,.safetensors,.txt', disabled: busy || !device.value },
          ),
          known &&
            h(
              'p',
              { class: 'pg-note' },
              `${known.family}: ${formatNumber(known.parameters)} parameters, ${known.classes} classes, images of ${known.imageSize} by ${known.imageSize}, on ${known.device}.`,
            ),
          filePicker(
            'pg-image',
            'Image',
            known ? 'a PNG, JPEG or whatever this browser shows' : 'when a model is there',
            ([file]) => {
              if (file) void shown(() => classify(file));
            },
            { accept: 'image/*', multiple: false, disabled: busy || !known },
          ),
        ),
        h(
          'p',
          { class: ['pg-status', phase.value === 'failed' && 'pg-failed'], role: 'status', 'data-phase': phase.value },
          status.value,
        ),
        known &&
          h('div', { class: 'pg-result' }, [
            h('canvas', {
              ref: 'canvas',
              class: 'pg-image',
              role: 'img',
              'aria-label': 'The image as the model sees it',
              width: 1,
              height: 1,
            }),
            bars(
              'The likeliest classes',
              classes.value.map(({ name, probability }) => ({ name, share: probability })),
            ),
          ]),
      ]);
    };
  },
});
