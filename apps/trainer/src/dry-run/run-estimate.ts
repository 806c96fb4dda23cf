/** What a run would take: sums alone, of what was counted (a step's cost) and measured (the machine's rates). */
import type { Recipe } from '../recipes/recipe.ts';
import type { StepCost } from '../step-cost.ts';
import type { DataSize } from '../tasks/task.ts';
import type { MachineRates } from './machine-rates.ts';

export interface RunEstimate {
  readonly parameters: number;
  /** Still to be taken: of a run that is gone on with, what is left. */
  readonly steps: number;
  /** What the task counts: tokens or images. */
  readonly unitsPerStep: number;
  /** Of all these steps. */
  readonly units: number;
  /** How often the data to train on is read in that time; absent where nobody knows how much it is. */
  readonly epochs?: number;
  readonly time: {
    readonly secondsPerStep: number;
    /** Of training; preparing the data, evaluations and saving come on top. */
    readonly seconds: number;
    /** Multiply-adds of the matrix products of a step, all its micro-batches together. */
    readonly multiplyAddsPerStep: number;
    /** The rates that are assumed. */
    readonly flops: number;
    readonly bytesPerSecond: number;
  };
  /** Bytes at the peak, which is where a checkpoint is written: the runtime keeps what the steps needed. */
  readonly memory: {
    readonly parameters: number;
    readonly moments: number;
    readonly average: number;
    /** Of earlier micro-batches; those of the one that is computed are among its values. */
    readonly gradients: number;
    /** What a micro-batch has to keep while it is computed. */
    readonly values: number;
    /** Parameters, moments and average once more, and as the bytes of files. */
    readonly checkpoint: number;
    /** The program and its runtime. */
    readonly program: number;
    readonly peak: number;
  };
  readonly disk: {
    /** One checkpoint, and how many lie there at a time at most: the newest, the best, and one that is being written. */
    readonly checkpoint: number;
    readonly checkpoints: number;
    readonly model: number;
    /** What is made of the data in the folder of the run; absent where nobody knows how much it is. */
    readonly data?: number;
    readonly total: number;
  };
}

export interface EstimateOf {
  readonly recipe: Pick<Recipe, 'steps' | 'batchSize' | 'accumulate' | 'optimiser' | 'evaluation' | 'checkpoints'>;
  /** Of a sample: the length of a sequence, 1 of an image. */
  readonly unitsPerSample: number;
  readonly cost: StepCost;
  readonly rates: MachineRates;
  /** Of the data, where somebody knows it. */
  readonly size?: DataSize | undefined;
  /** Steps that are done already. */
  readonly done?: number;
}

export function runEstimate(given: EstimateOf): RunEstimate {
  const { recipe, unitsPerSample, cost, size, done = 0 } = given;
  const steps = Math.max(0, recipe.steps - done);
  const unitsPerStep = recipe.batchSize * recipe.accumulate * unitsPerSample;
  const units = steps * unitsPerStep;
  return {
    parameters: cost.parameters,
    steps,
    unitsPerStep,
    units,
    ...(size && { epochs: units / (size.units * size.trained) }),
    time: timeOf(given, steps),
    memory: memoryOf(given),
    disk: diskOf(given),
  };
}

/** Resident memory of a run whose arrays are next to nothing. */
const program = 4e8;

/** Bytes of one array as long as all parameters. */
const arrayOf = ({ parameters }: StepCost): number => 4 * parameters;

/** Arrays of the parameters' sizes that an optimiser keeps beside them. */
const arraysKept: Readonly<Record<Recipe['optimiser']['name'], number>> = { adamw: 2, lion: 1, sgd: 1 };
const momentsOf = ({ name }: Recipe['optimiser']): number => arraysKept[name];

/** Products at the one rate, all other values at the other; the optimiser writes parameters and its moments, an average is one more. */
function timeOf({ recipe: { accumulate, optimiser }, cost, rates }: EstimateOf, steps: number): RunEstimate['time'] {
  const updated =
    1 + momentsOf(optimiser) + (optimiser.ema === null ? 0 : 1) + (optimiser.clipNorm === null ? 0 : 1) + (accumulate - 1);
  const multiplyAddsPerStep = accumulate * cost.multiplyAdds;
  const written = accumulate * cost.writtenBytes + updated * arrayOf(cost);
  const secondsPerStep = (2 * multiplyAddsPerStep) / rates.flops + written / rates.bytes;
  const { flops, bytes: bytesPerSecond } = rates;
  return { secondsPerStep, seconds: steps * secondsPerStep, multiplyAddsPerStep, flops, bytesPerSecond };
}

function memoryOf({ recipe: { accumulate, optimiser }, cost }: EstimateOf): RunEstimate['memory'] {
  const array = arrayOf(cost);
  const [parameters, moments, average] = [array, momentsOf(optimiser) * array, optimiser.ema === null ? 0 : array];
  const gradients = Math.ceil(Math.log2(accumulate)) * array; // sums that wait, as micro-batches are added in a binary tree
  const values = cost.peakBytes;
  const state = parameters + moments + average;
  const checkpoint = 2 * state;
  const peak = state + gradients + values + checkpoint + program;
  return { parameters, moments, average, gradients, values, checkpoint, program, peak };
}

function diskOf({ recipe, cost, size }: EstimateOf): RunEstimate['disk'] {
  const { steps, optimiser, evaluation, checkpoints: saving } = recipe;
  const model = arrayOf(cost) * (optimiser.ema === null ? 1 : 2);
  const checkpoint = model + momentsOf(optimiser) * arrayOf(cost);
  const checkpoints = Math.min(savedSteps(steps, saving.every, evaluation.every), saving.keep + 2);
  const data = size?.bytes;
  const total = checkpoints * checkpoint + model + (data ?? 0);
  return { checkpoint, checkpoints, model, ...(data !== undefined && { data }), total };
}

/** After how many steps something is saved: when it is due, at the last, and at each evaluation, which may be the best so far. */
function savedSteps(steps: number, every: number, evaluated: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  const both = (every / common(every, evaluated)) * evaluated;
  return Math.ceil(steps / every) + Math.ceil(steps / evaluated) - Math.ceil(steps / both);
}
