/** The run as a stream of events: what comes at which step, and that from every checkpoint the same follows. */
import { type HostArray, hostArray, key, randomUniform, split } from '@gmlp/base';
import { type Device, openDevice } from '@gmlp/devices/node';
import { initialValues, toNamed } from '@gmlp/layers';
import {
  gmlpMaskedLanguage,
  type MaskedLanguageBatch,
  maskedLanguageLoss,
  type OptionsOf,
  type ParametersOf,
} from '@gmlp/models';
import { maskTokens } from '@gmlp/text';
import {
  type HostBatch,
  lossObjective,
  type OptimiserSettings,
  type RunCheckpoint,
  type TrainingEvent,
  type TrainingPlan,
  type TrainingRunOptions,
  trainingRun,
} from '@gmlp/training';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [vocabulary, tokens, rows] = [12, 8, 3];
const plan: TrainingPlan = {
  seed: 0,
  steps: 7,
  accumulate: 2,
  recordEvery: 3,
  optimiser: {
    ...{ peakRate: 0.02, warmupSteps: 0, decay: 'linear', weightDecay: 0.01, epsilon: 1e-6, betas: [0.9, 0.999] },
    ...{ name: 'adamw', clipNorm: null, ema: 0.5 },
  },
  evaluation: { every: 2, patience: null, minDelta: 0, best: { figure: 'loss', better: 'lower' } },
  checkpoints: { every: 3 },
};
const options: OptionsOf<'gmlp-language'> = {
  ...{ family: 'gmlp-language', vocabulary, tokens, channels: 8, hiddenChannels: 16, layers: 1, survivalProbability: 0.8 },
};

const mask = { vocabularySize: vocabulary, maskId: 1, paddingId: 0, specialIds: new Set([0, 1]), rate: 0.3 };
function batch(part: string, number: number): HostBatch<MaskedLanguageBatch> {
  const source = split(split(key(4), part), number);
  const ids = Int32Array.from(randomUniform(source, rows * tokens), (u) => 2 + Math.floor(u * (vocabulary - 2)));
  const tensors = maskTokens(hostArray('int32', [rows, tokens], ids), source, mask);
  return { tensors, units: rows * tokens, about: undefined };
}
async function* batches(part: 'training' | 'validation', first: number): AsyncGenerator<HostBatch<MaskedLanguageBatch>> {
  for (let number = first; part === 'training' || number < 3; number++) yield batch(part, number);
}

let device: Device;
beforeAll(async () => {
  device = await openDevice('ort-cpu');
});
afterAll(() => device.dispose());

interface Collected {
  readonly events: readonly TrainingEvent[];
  readonly checkpoint: RunCheckpoint | undefined;
}

type P = ParametersOf<'gmlp-language'>;
type Changes = Partial<TrainingPlan> &
  Pick<TrainingRunOptions<P, MaskedLanguageBatch, unknown>, 'from' | 'parameters' | 'onStep'> & { readonly layers?: number };

/** All events, and the last checkpoint. `stopAt` sees each evaluated batch and each event. */
async function collect(
  { from, parameters, onStep, layers = 1, ...changes }: Changes = {},
  stopAt: (what: TrainingEvent | number) => boolean = () => false,
): Promise<Collected> {
  const abort = new AbortController();
  const check = (what: TrainingEvent | number): void => {
    if (stopAt(what)) abort.abort();
  };
  const events: TrainingEvent[] = [];
  const model = gmlpMaskedLanguage({ ...options, layers });
  const run = trainingRun<P, MaskedLanguageBatch, unknown>(
    { ...plan, ...changes },
    {
      device,
      spec: model.spec,
      objective: lossObjective(maskedLanguageLoss(model), (mean) => ({ perplexity: Math.exp(mean) })),
      training: (first) => batches('training', first),
      ...(changes.evaluation !== null && { validation: () => batches('validation', 0) }),
      ...{ from, parameters },
      ...(onStep && { onStep }),
      signal: abort.signal,
      onEvaluationBatch: check,
    },
  );
  for await (const event of run) {
    events.push(event);
    check(event);
  }
  const saved = events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));
  return { events, checkpoint: saved.at(-1) };
}

/** An event in one line, without what depends on the clock. */
function told(event: TrainingEvent): string {
  switch (event.kind) {
    case 'record':
      return `record ${event.metrics.step} ${event.metrics.loss}`;
    case 'evaluation':
      return `evaluation ${JSON.stringify(event.evaluation)}`;
    case 'checkpoint':
      return `checkpoint ${event.checkpoint.step}, best ${event.best}`;
    case 'end':
      return `end ${event.step} ${event.outcome}`;
  }
}

const bytesOf = ({ model, optimiser, ema }: RunCheckpoint): Record<string, HostArray['data']> =>
  Object.fromEntries(
    Object.entries({ model, optimiser, ...(ema && { ema }) }).flatMap(([part, arrays]) =>
      [...arrays].map(([name, { data }]) => [`${part} ${name}`, data] as const),
    ),
  );

describe('trainingRun', () => {
  it('records, evaluations and checkpoints come at their steps, an evaluation before the checkpoint that remembers it', async () => {
    const before = tf.engine().state.numTensors;
    const { events, checkpoint } = await collect();
    expect(tf.engine().state.numTensors).toBe(before);
    const stepsOf = (kind: TrainingEvent['kind']): number[] =>
      events.filter((event) => event.kind === kind).map((event) => Number(/\d+/.exec(told(event))![0]));
    expect(stepsOf('record')).toEqual([3, 6, 7]);
    expect(stepsOf('evaluation')).toEqual([2, 4, 6, 7]);
    expect(stepsOf('checkpoint')).toEqual(expect.arrayContaining([3, 6, 7])); // and where validation was best
    expect(events.slice(-3).map(({ kind }) => kind)).toEqual(['evaluation', 'checkpoint', 'end']);
    expect(events.at(-1)).toMatchObject({ step: 7, outcome: 'finished' });
    expect(checkpoint!.progress.evaluations.map(({ step }) => step)).toEqual([2, 4, 6, 7]);
  });

  it('from every checkpoint the same events follow, and the same bytes', async () => {
    const whole = await collect();
    const lines = whole.events.map(told);
    for (const [index, event] of whole.events.entries()) {
      if (event.kind !== 'checkpoint') continue;
      const rest = await collect({ from: event.checkpoint });
      expect(rest.events.map(told)).toEqual(lines.slice(index + 1));
      if (rest.checkpoint) expect(bytesOf(rest.checkpoint)).toEqual(bytesOf(whole.checkpoint!));
    }
  });

  it.each<Partial<OptimiserSettings>>([
    { name: 'lion', ema: null },
    { name: 'sgd', momentum: 0.9, clipNorm: 0.5 },
  ])('goes on with %o to the same bytes, and other steps than AdamW takes', async (other) => {
    const optimiser = { ...plan.optimiser, ...other } as OptimiserSettings;
    const whole = await collect({ optimiser });
    const saved = whole.events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));
    const rest = await collect({ optimiser, from: saved[0]! });
    expect(bytesOf(rest.checkpoint!)).toEqual(bytesOf(whole.checkpoint!));
    expect(whole.checkpoint!.model).not.toEqual((await collect()).checkpoint!.model);
    // Its moments are no AdamW's.
    await expect(collect({ from: saved[0]! })).rejects.toThrow(/missing/);
  });

  it('an average that was not kept before begins as the parameters are', async () => {
    const without = { ...plan.optimiser, ema: null };
    const { checkpoint } = await collect({ optimiser: without, steps: 3 });
    expect(checkpoint!.ema).toBeUndefined();
    const { checkpoint: next } = await collect({ from: checkpoint!, steps: 4 });
    const [name] = [...next!.ema!.keys()] as [string];
    const [before, after, mean] = [checkpoint!.model, next!.model, next!.ema!].map((each) => each.get(name)!.data);
    expect(mean![0]).toBeCloseTo(0.5 * before![0]! + 0.5 * after![0]!, 6);
  });

  it.each([1, 2])('stopped in evaluation %i, it saves the step, and makes the evaluation when it goes on', async (which) => {
    const whole = await collect();
    let evaluations = 0;
    const first = await collect({}, (what) => what === 2 && ++evaluations === 2 * which); // each also of the average
    expect(first.events.at(-1)).toMatchObject({ kind: 'end', outcome: 'stopped', step: 2 * which });
    expect(first.checkpoint!.step).toBe(2 * which);
    expect(first.checkpoint!.progress.evaluations).toHaveLength(which - 1);
    const rest = await collect({ from: first.checkpoint! });
    expect(rest.events[0]).toMatchObject({ kind: 'evaluation', evaluation: { step: 2 * which } });
    expect(bytesOf(rest.checkpoint!)).toEqual(bytesOf(whole.checkpoint!));
    const figures = ({ events }: Collected) => events.filter(({ kind }) => kind === 'record' || kind === 'evaluation').map(told);
    expect([...figures(first), ...figures(rest)]).toEqual(figures(whole));
  });

  it('a run that was broken off after it had stopped early only ends', async () => {
    const patient = { evaluation: { ...plan.evaluation!, patience: 1, minDelta: 10 } };
    const { checkpoint, events } = await collect(patient);
    expect(events.at(-1)).toMatchObject({ kind: 'end', outcome: 'early', step: 4 });
    expect((await collect({ ...patient, from: checkpoint! })).events.map(told)).toEqual(['end 4 early']);
  });

  it('without an evaluation nothing is held out, and the same is learned', async () => {
    const [whole, plain] = [await collect(), await collect({ evaluation: null })];
    const lines = plain.events.map(told);
    expect(lines.filter((line) => !line.startsWith('record'))).toEqual([
      ...[3, 6, 7].map((step) => `checkpoint ${step}, best undefined`),
      'end 7 finished',
    ]);
    const records = ({ events }: Collected) => events.filter(({ kind }) => kind === 'record').map(told);
    expect(records(plain)).toEqual(records(whole));
    expect(bytesOf(plain.checkpoint!)).toEqual(bytesOf(whole.checkpoint!));
  });

  it('shows its parameters between two steps, and waits for who looks at them', async () => {
    const seen: ReadonlyMap<string, HostArray>[] = [];
    let looking = false;
    const { checkpoint } = await collect({
      async onStep(step, params) {
        expect([step, looking]).toEqual([seen.length + 1, false]);
        looking = true;
        await new Promise((resolve) => setTimeout(resolve));
        seen.push(toNamed<HostArray>(await device.read(params)));
        looking = false;
      },
    });
    expect(seen).toHaveLength(7);
    expect(seen.at(-1)).toEqual(checkpoint!.model);
    expect(seen.at(-2)).not.toEqual(checkpoint!.model);
  });

  it('begins with parameters that it is given as with those that it draws', async () => {
    const { spec } = gmlpMaskedLanguage(options);
    const drawn = toNamed<HostArray>(initialValues(spec, split(key(plan.seed), 'initial')));
    const short = { steps: 2, evaluation: null };
    const whole = await collect(short);
    expect(bytesOf((await collect({ ...short, parameters: drawn })).checkpoint!)).toEqual(bytesOf(whole.checkpoint!));
    const other = await collect({ ...short, parameters: whole.checkpoint!.model });
    expect(other.events.map(told)[0]).not.toBe(whole.events.map(told)[0]);
    await expect(collect({ parameters: drawn, layers: 2 })).rejects.toThrow(/missing: .*blocks\.1\./);
    await expect(collect({ parameters: drawn, from: whole.checkpoint! })).rejects.toThrow(
      /from: expected none, as there are parameters/,
    );
  });

  it('another model’s checkpoint is refused by the names of what differs', async () => {
    const { checkpoint } = await collect({ steps: 2 });
    await expect(collect({ layers: 2, from: checkpoint! })).rejects.toThrow(/missing: .*blocks\.1\./);
  });
});
