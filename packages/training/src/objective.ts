/** What is minimised, and what is measured: all that training knows of a task. */
import type { Device } from '@gmlp/devices';
import type { Context } from '@gmlp/layers';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Exchange } from './exchange.ts';
import type { HostBatches } from './host-batch.ts';

/** The sum of the losses of a batch and how many there were, as `softmaxCrossEntropy` gives them. */
export interface LossSum {
  readonly sum: Scalar;
  readonly count: Scalar;
}

/** The losses of a batch: a pure function of trees of tensors. The context says whether it trains, and has the key of the step. */
export type LossFunction<P, B> = (params: P, batch: B, context: Context) => LossSum;

/** What is measured, by name: `loss`, `perplexity`, `top1`. A figure may be infinite or no number. */
export type Figures = Readonly<Record<string, number>>;

export interface MeasureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of batches done. */
  readonly onBatch?: ((done: number) => void) | undefined;
}

export interface Evaluator<P, B, About = unknown> {
  measure(params: P, batches: HostBatches<B, About>, options?: MeasureOptions): Promise<Figures>;
  /** Frees what was compiled for it; a later call is an error. */
  dispose(): Promise<void>;
}

/** Compiles once; keep what it gives, and measure many parameters with it. */
export type OpenEvaluator<P, B, About = unknown> = (device: Device, exchange: Exchange) => Evaluator<P, B, About>;

/** Its functions are methods, so that a table may hold objectives of several kinds of parameters and batches: none uses `this`. */
export interface Objective<P, B, About = unknown> {
  /** A `LossFunction`, which is differentiated. */
  loss(params: P, batch: B, context: Context): LossSum;
  /** What follows from the mean loss of a record of training: perplexity. */
  figures?(meanLoss: number): Figures;
  /** Compiles once (`OpenEvaluator`). `evaluation` makes it of three functions; a task that decodes brings its own loop. */
  evaluator(device: Device, exchange: Exchange): Evaluator<P, B, About>;
}
