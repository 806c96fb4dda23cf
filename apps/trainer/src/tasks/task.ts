/**
 * A task is a row: what a recipe of it says of its data, which models it trains, on which batches, by which objective, and how that
 * is shown. It imports no recipe and no run; nothing else in this app knows a task by its name.
 */
import type { HostArray } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import type { CreatedModel, FamilyName, ModelConfig, PretrainedModel } from '@gmlp/models';
import type { Figures, HostBatch, Objective } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import type * as z from 'zod/mini';
import type { Markup } from '../report/html.ts';
import type { LeftOut } from './text/left-out.ts';
import type { OnBad } from './text/on-bad.ts';

export interface Task<Data extends object = object, B = unknown, About = unknown> {
  /** The families that it trains. */
  readonly families: readonly FamilyName[];
  /** Whether its models see no later token; absent where that is no question. */
  readonly causal?: boolean;
  /** Checks `recipe.data`; the paths of `--set data.…` are read off it. */
  readonly data: z.ZodMiniType<Data>;
  /** Settings of the data that say how it is found, and change no number of a run: its content counts. */
  readonly places: readonly string[];
  /** Its own folder in that of a run. */
  readonly folder: string;
  /** What its fingerprints are of, in words. */
  readonly parts: Readonly<Record<string, string>>;
  /** The files that a model of it is saved with, besides config and weights. */
  readonly modelFiles: readonly string[];
  /** What the data decides of a model's config: its vocabulary. A recipe's model does not have it. */
  config(data: Data): Readonly<Record<string, unknown>>;
  /** What is trained on, in the words of a report. */
  about(data: Data): string;
  /** What `HostBatch.units` counts. */
  readonly unit: 'tokens' | 'images' | 'examples';
  /** Of an evaluation, in the order in which reports show them; the first decides which is the best. */
  readonly figures: readonly [Figure, ...Figure[]];
  /** Figures that only some data has, in the order in which they are shown below the others. */
  readonly furtherFigures?: readonly Figure[];
  /** The figure that people are told of, by its name. */
  readonly headline: string;
  /** The figures of a model that knows nothing, to compare with. */
  readonly baseline: readonly BaselineFigure[];
  /** What an evaluation is over, besides batches: `maskedTokens`. */
  readonly counted: { readonly name: string; readonly label: string; of(batch: HostBatch<B, About>): number };
  /**
   * The parameters of a saved model, for a model of such a config to begin with: those of its body, by their names in it. Throws where they
   * do not fit, saying what they are. Absent where a run cannot begin so, as it makes a tokenizer of its own.
   */
  beginsWith?(trained: PretrainedModel, config: ModelConfig): unknown;
  /** In the main thread: from files to batches. Opens what the folder holds of the same settings, and makes it otherwise. */
  prepare(settings: DataSettings<Data>, around: DataSurroundings): Promise<PreparedData<B, About>>;
  /** Data of somebody's own, to measure a saved model on; what it needs of files is in the folder, which is removed later. */
  measured(path: string, around: MeasuredSurroundings): Promise<MeasuredData<B, About>>;
  /** In the device's thread: the loss and the evaluation of a model. */
  objective(model: CreatedModel, data: Partial<Data>, modelFiles: ReadonlyMap<string, string>): Objective<unknown, B, About>;
  /** The same, measured on the mean of a sample and its mirror image; absent where samples have none. */
  mirrored?(model: CreatedModel, data: Partial<Data>, modelFiles: ReadonlyMap<string, string>): Objective<unknown, B, About>;
  /** `objective`, whose evaluator tells what the model says of each sample; absent where samples have no ids. */
  predicting?(
    model: CreatedModel,
    data: Partial<Data>,
    modelFiles: ReadonlyMap<string, string>,
    onPredictions: (predictions: Predictions) => void,
  ): Objective<unknown, B, About>;
  /** What a micro-batch of training holds, by name: so that its cost is known before there is one. */
  shapes(config: ModelConfig, data: Data, batchSize: number): Readonly<Record<string, HostShape>>;
  /** About how much data there is and how much of it is trained on, from the sizes of files: `undefined` where nobody knows. */
  size(data: Data, config: ModelConfig): Promise<DataSize | undefined>;
  /** What a report shows of a finished run besides curves, filters, time and settings. */
  readonly answers?: Answers<Data> | undefined;
}

/** What a model says of samples, by their ids. */
export interface Predictions {
  readonly answers: ReadonlyMap<string, string>;
  /** How much surer it is that there is no answer than of the best one; where there may be none. */
  readonly noAnswerOdds?: ReadonlyMap<string, number>;
}

export type HostShape = Pick<HostArray, 'dtype' | 'shape'>;

export interface Figure {
  /** Its name in an evaluation. metrics.jsonl has it as `valPerplexity`, or `emaValPerplexity` of the averaged parameters. */
  readonly name: string;
  /** For people: `perplexity`, `word accuracy`. */
  readonly label: string;
  readonly better: 'lower' | 'higher';
  readonly logarithmic?: boolean;
  /** How people read it; as a number when left out. */
  readonly format?: (value: number) => string;
}

export interface BaselineFigure {
  readonly name: string;
  readonly label: string;
  /** The figure that it is compared with. */
  readonly of: string;
}

export interface DataSettings<Data> {
  readonly data: Data;
  /** Whole: the length of a sequence, the size of an image. */
  readonly config: ModelConfig;
  /** Decides what is held out, the order and whatever is drawn. */
  readonly seed: number;
  /** Samples in a micro-batch of training. */
  readonly batchSize: number;
}

export interface DataSurroundings {
  /** The task's own folder in that of the run. */
  readonly folder: string;
  /** Whether a run that has saved a step needs it: it takes what is there, whatever seed held a part out. */
  readonly goesOn: boolean;
  /** Take what is there: `not-found` when the folder does not hold it, nothing is made. */
  readonly onlyOpen?: boolean;
  readonly progress: ProgressLine;
  readonly now: () => number;
  /** Called between two pieces of work; throws to stop. */
  readonly stopIfAborted: () => void;
}

export interface PreparedData<B = unknown, About = unknown> {
  /** From number `first` on, endless. Batch number b has the same content in every run of a recipe. */
  training(first: number): AsyncIterable<HostBatch<B, About>>;
  /** All samples that are held out, once, in their order. */
  validation(): AsyncIterable<HostBatch<B, About>>;
  readonly validationBatches: number;
  /** What belongs to a model trained on it besides config and weights, by file name: tokenizer.json, labels.json. */
  readonly modelFiles: ReadonlyMap<string, string>;
  /** SHA-256 of all that training reads and of what it was made of, by what that is. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** How what it was made of differs from what is there now. */
  changes(): Promise<SourceLook>;
  /** What follows of a mean loss on this data, besides what the objective says: bits per byte. */
  following?(loss: number): Figures;
  /** The figures of a model that knows nothing. */
  baseline(): Promise<Figures>;
  close(): Promise<void>;
}

export interface SourceLook {
  /** Each of what changed since, with what it is now: a change after this one has another line. */
  readonly changes: readonly string[];
  /** What cannot be looked at, as it is gone. */
  readonly notes: readonly string[];
}

export interface MeasuredSurroundings {
  readonly config: ModelConfig;
  readonly modelFiles: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly onBad?: OnBad | undefined;
  readonly onLeftOut?: ((leftOut: LeftOut) => void) | undefined;
}

export interface MeasuredData<B = unknown, About = unknown> {
  readonly batches: AsyncIterable<HostBatch<B, About>>;
  /** How many batches there are. */
  readonly count: number;
  following?(loss: number): Figures;
  close(): Promise<void>;
}

export interface DataSize {
  /** Of all data, held-out part included, in the task's unit. */
  readonly units: number;
  /** The part of it that is trained on. */
  readonly trained: number;
  /** Bytes of what is made of it in the folder of the run. */
  readonly bytes: number;
}

/** What is asked of a model once it is trained: plain JSON, kept in report.json. */
export interface Answers<Data, A = unknown> {
  readonly schema: z.ZodMiniType<A>;
  ask(of: AnswersOf<Data>): Promise<A>;
  show(answers: A): Markup;
}

export interface AnswersOf<Data> {
  /** The folder of the model, and the task's own folder in that of the run. */
  readonly model: string;
  readonly folder: string;
  readonly data: Data;
  /** Of the run, as they decided what was held out and what was trained on. */
  readonly seed: number;
  readonly batchSize: number;
  readonly device: DeviceName;
  readonly signal: AbortSignal;
}
