/**
 * The worker that trains. Computing blocks it, so that the page need not wait; between two steps it hears the page, answers
 * what was asked and tells how far it is. All that touches the model happens one after the other.
 */
import { plainMessage } from '@gmlp/base';
import { type Device, type DeviceName, probeDevices } from '@gmlp/devices';
import { loadTokenizer } from '@gmlp/text';
import { peakRateAt128 } from '../../../apps/trainer/src/recipes/peak-rates.ts';
import {
  atRest,
  disposeModel,
  factsOf,
  filtersOf,
  type LiveModel,
  type Moment,
  type NewModel,
  onnxOf,
  putModel,
} from './live-model.ts';
import type { PageTraining, Questions, ToWorker, TrainerEvent } from './messages.ts';
import { languageModelOf, modelFilesOf } from './model-files.ts';
import { modelKinds } from './model-kinds.ts';
import { openPageDevice } from './open-page-device.ts';
import { packTexts, tokenizerOf } from './prepare-texts.ts';
import { type Answered, type Answers, answerTo } from './questions.ts';
import { continueText, fillSentence } from './sentence-answers.ts';
import { batchSize, type LiveTraining, trainLiveModel } from './train-live-model.ts';

/** Milliseconds between two drawings of the filters. */
const filtersEvery = 500;

const scope = globalThis as unknown as {
  postMessage(message: TrainerEvent | Answered): void;
  onmessage: (event: { readonly data: ToWorker }) => void;
};
const tell = (message: TrainerEvent): void => scope.postMessage(message);

let device: Device | undefined;
let model: LiveModel | undefined;
let plan: LiveTraining | undefined;
/** While a training stands still between two steps. */
let between: Moment | undefined;
let abort = new AbortController();
let busy = false;
let line: Promise<void> = Promise.resolve();
/** Asked while a training goes on. */
const waiting: (() => Promise<void>)[] = [];

/** The messages that have come are heard. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Does a piece of work when what came before it is done; while a training is prepared or goes on, after the step under way. */
function enqueue(work: () => Promise<void>): void {
  if (busy) waiting.push(work);
  else line = line.then(work);
}

/** Makes a model on a device, and only then lets go of the one before: what fails leaves that as it was. */
async function putInPlace(name: DeviceName, newModel: NewModel, newPlan?: LiveTraining): Promise<LiveModel> {
  const opened = device?.name === name ? device : await openPageDevice(name);
  let made: LiveModel;
  try {
    made = putModel(opened, newModel);
  } catch (error) {
    if (opened !== device) await opened.dispose();
    throw error;
  }
  if (model) await disposeModel(model);
  if (opened !== device) await device?.dispose();
  device = opened;
  model = made;
  plan = newPlan;
  return made;
}

function expectModel(): LiveModel {
  if (!model) throw new Error('There is no model yet: train or load one first.');
  return model;
}

/** Asks the model as it is now: between two steps of its training, or at rest. */
async function asked<T>(use: (live: LiveModel, moment: Moment) => Promise<T>): Promise<T> {
  const live = expectModel();
  return between ? use(live, between) : atRest(live, (moment) => use(live, moment));
}

async function tellFilters(live: LiveModel, moment: Moment): Promise<void> {
  const weights = await filtersOf(live, moment);
  if (weights.length > 0) tell({ kind: 'filters', step: moment.step, weights });
}

const answers: Answers<Questions> = {
  devices: () => probeDevices(),
  fill: ({ sentence }) => asked((live, moment) => fillSentence(live, moment, sentence)),
  continue: ({ sentence, seed }) => asked((live, moment) => continueText(live, moment, sentence, seed)),
  files: () => asked(modelFilesOf),
  onnx: () => asked(onnxOf),
  async load({ device: name, files }) {
    const newModel = await languageModelOf(files); // refused before anything is dropped
    await putInPlace(name, newModel);
    await asked(tellFilters);
    return factsOf(expectModel());
  },
};

async function prepare({ device: name, model: kind, texts, steps }: PageTraining): Promise<void> {
  if (kind === 'current') {
    const live = expectModel();
    const { tokenizer, config, resting } = live;
    const packed = await packTexts(texts, tokenizer, config.tokens, batchSize);
    plan = { packed, steps, peakRate: peakRateAt128(config.family) };
    live.resting = { ...resting, step: 0, ...('progress' in resting && { progress: { evaluations: [], seconds: 0 } }) };
    return;
  }
  tell({ kind: 'stage', text: 'Training a tokenizer on the text' });
  await turn();
  const tokenizerFile = await tokenizerOf(texts);
  const tokenizer = loadTokenizer(tokenizerFile);
  const options = modelKinds[kind].options(tokenizer.vocabularySize);
  const packed = await packTexts(texts, tokenizer, options.tokens, batchSize);
  await turn();
  if (abort.signal.aborted) throw new Error('Stopped before the training began: what was there is there.');
  tell({ kind: 'stage', text: `Opening ${name}` });
  await putInPlace(name, { options, tokenizerFile }, { packed, steps, peakRate: peakRateAt128(options.family) });
}

async function run(): Promise<void> {
  const live = expectModel();
  if (!plan) throw new Error('There is nothing to go on with: begin a training first.');
  tell({ kind: 'started', facts: factsOf(live), from: live.resting.step, steps: plan.steps });
  tell({ kind: 'stage', text: 'Compiling the training step' });
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = async (_: LiveModel, moment: Moment): Promise<void> => {
    drawn = performance.now();
    await tellFilters(live, moment);
  };
  await asked(draw);
  const outcome = await trainLiveModel(live, plan, {
    signal: abort.signal,
    onRecord: (metrics) => tell({ kind: 'step', metrics }),
    async betweenSteps(moment) {
      between = moment;
      try {
        if (performance.now() - drawn >= filtersEvery) await asked(draw);
        await turn();
        for (let work = waiting.shift(); work; work = waiting.shift()) await work();
      } finally {
        between = undefined;
      }
    },
  }).catch((error: unknown) => {
    const { step } = live.resting;
    throw new Error(`${plainMessage(error)}\nThe model that is here has taken ${step} ${step === 1 ? 'step' : 'steps'}.`);
  });
  await asked(draw);
  tell({ kind: 'ended', outcome, step: live.resting.step });
}

/** What is asked meanwhile waits for the next step, or for the end of what fails before one. */
async function occupied(work: () => Promise<void>): Promise<void> {
  busy = true;
  try {
    await work();
  } finally {
    busy = false;
    for (const each of waiting.splice(0)) enqueue(each);
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
        told(() =>
          occupied(async () => {
            if (data.kind === 'train') await prepare(data.job);
            await run();
          }),
        ),
      );
      return;
    case 'ask':
      enqueue(async () => scope.postMessage(await answerTo(answers, data)));
  }
};
