/**
 * The worker that trains. Computing blocks it, so that the page need not wait; between two steps it hears the page, answers
 * what was asked and tells how far it is. All that touches the model happens one after the other.
 */
import { plainMessage } from '@gmlp/base';
import { type Device, type DeviceName, probeDevices } from '@gmlp/devices';
import { loadTokenizer } from '@gmlp/text';
import { disposeModel, factsOf, fillSentence, filtersOf, type LiveModel, onnxOf, putModel } from './live-model.ts';
import type { Questions, ToWorker, TrainerEvent, TrainingJob } from './messages.ts';
import { maskedLanguageModelOf, modelFilesOf } from './model-files.ts';
import { modelKinds, peakRates } from './model-kinds.ts';
import { openPageDevice } from './open-page-device.ts';
import { packTexts, tokenizerOf } from './prepare-texts.ts';
import { type Answered, type Answers, answerTo } from './questions.ts';
import { batchSize, type TrainingPlan, trainLiveModel } from './train-live-model.ts';

/** Milliseconds between two drawings of the filters. */
const filtersEvery = 500;

const scope = globalThis as unknown as {
  postMessage(message: TrainerEvent | Answered): void;
  onmessage: (event: { readonly data: ToWorker }) => void;
};
const tell = (message: TrainerEvent): void => scope.postMessage(message);

let device: Device | undefined;
let model: LiveModel | undefined;
let plan: TrainingPlan | undefined;
let abort = new AbortController();
let training = false;
let line: Promise<void> = Promise.resolve();
const betweenSteps: (() => Promise<void>)[] = [];

/** The messages that have come are heard. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Does a piece of work when what came before it is done; while a model trains, after the step under way. */
function enqueue(work: () => Promise<void>): void {
  if (training) betweenSteps.push(work);
  else line = line.then(work);
}

async function deviceOf(name: DeviceName): Promise<Device> {
  if (device?.name === name) return device;
  await dropModel();
  await device?.dispose();
  device = undefined;
  device = await openPageDevice(name);
  return device;
}

async function dropModel(): Promise<void> {
  const dropped = model;
  model = undefined;
  plan = undefined;
  if (dropped) await disposeModel(dropped);
}

function expectModel(): LiveModel {
  if (!model) throw new Error('There is no model yet: train or load one first.');
  return model;
}

async function tellFilters(live: LiveModel): Promise<void> {
  const weights = await filtersOf(live);
  if (weights.length > 0) tell({ kind: 'filters', step: live.state.step, weights });
}

const answers: Answers<Questions> = {
  devices: () => probeDevices(),
  fill: ({ sentence }) => fillSentence(expectModel(), sentence),
  files: async () => modelFilesOf(expectModel()),
  onnx: () => onnxOf(expectModel()),
  async load({ device: name, files }) {
    const newModel = await maskedLanguageModelOf(files); // refused before anything is dropped
    const opened = await deviceOf(name);
    await dropModel();
    model = await putModel(opened, newModel);
    await tellFilters(model);
    return factsOf(model);
  },
};

async function prepare({ device: name, model: kind, texts, steps }: TrainingJob): Promise<void> {
  if (kind === 'current') {
    expectModel().state.step = 0;
  } else {
    tell({ kind: 'stage', text: `Opening ${name}` });
    const opened = await deviceOf(name);
    await dropModel();
    tell({ kind: 'stage', text: 'Training a tokenizer on the text' });
    await turn();
    const tokenizerFile = await tokenizerOf(texts);
    const vocabulary = loadTokenizer(tokenizerFile).vocabularySize;
    model = await putModel(opened, { options: modelKinds[kind].options(vocabulary), tokenizerFile });
  }
  const { tokenizer, config } = expectModel();
  const packed = await packTexts(texts, tokenizer, config.tokens, batchSize);
  plan = { packed, steps, peakRate: peakRates[config.family] };
}

async function run(): Promise<void> {
  const live = expectModel();
  if (!plan) throw new Error('There is nothing to go on with: begin a training first.');
  const facts = factsOf(live);
  tell({ kind: 'started', facts });
  tell({ kind: 'stage', text: 'Compiling the training step' });
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = async (): Promise<void> => {
    drawn = performance.now();
    await tellFilters(live);
  };
  training = true;
  try {
    await draw();
    const outcome = await trainLiveModel(live, plan, {
      signal: abort.signal,
      async onStep(metrics) {
        tell({ kind: 'step', metrics });
        if (performance.now() - drawn >= filtersEvery) await draw();
        await turn();
        for (let work = betweenSteps.shift(); work; work = betweenSteps.shift()) await work();
      },
    });
    await draw();
    tell({ kind: 'ended', outcome, step: live.state.step });
  } finally {
    training = false;
    for (const work of betweenSteps.splice(0)) enqueue(work);
  }
}

/** A failed piece of work is told, and the worker goes on. */
const told =
  (work: () => Promise<void>): (() => Promise<void>) =>
  () =>
    work().catch((error: unknown) => tell({ kind: 'failed', message: plainMessage(error) }));

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'stop':
      abort.abort();
      return;
    case 'train':
    case 'resume':
      abort = new AbortController();
      enqueue(
        told(async () => {
          if (data.kind === 'train') await prepare(data.job);
          await run();
        }),
      );
      return;
    case 'ask':
      enqueue(async () => scope.postMessage(await answerTo(answers, data)));
  }
};
