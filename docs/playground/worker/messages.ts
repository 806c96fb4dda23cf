/** What the page and the worker that trains say to each other. */
import type { HostArray } from '@gmlp/base';
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { FilledMask } from '@gmlp/text';
import type { Metrics } from '@gmlp/training';
import type { ModelKind } from './model-kinds.ts';
import type { Asked } from './questions.ts';

/** The files of a model directory by name. */
export type ModelFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export interface PageTraining {
  readonly device: DeviceName;
  /** A new model of this kind, or further the one that there is, on its device. */
  readonly model: ModelKind | 'current';
  /** Documents. */
  readonly texts: readonly string[];
  readonly steps: number;
}

/** What the model put in the place of each mask, after so many steps of its training here. */
export interface FilledSentence {
  readonly masks: readonly FilledMask[];
  readonly step: number;
}

/** How a text goes on by a causal model, after so many steps of its training here. */
export interface ContinuedText {
  readonly before: string;
  readonly written: string;
  /** Whether the model ended the text there. */
  readonly ended: boolean;
  /** The likeliest pieces to come first. */
  readonly guesses: FilledMask['guesses'];
  readonly step: number;
}

/** What is asked for an answer, and what the answer is. */
export interface Questions {
  /** The devices of this browser, each with the reason if it does not work. */
  readonly devices: { readonly asked: object; readonly answer: readonly DeviceVerdict[] };
  readonly fill: { readonly asked: { readonly sentence: string }; readonly answer: FilledSentence };
  readonly continue: { readonly asked: { readonly sentence: string; readonly seed: number }; readonly answer: ContinuedText };
  readonly files: { readonly asked: object; readonly answer: ModelFiles };
  readonly onnx: { readonly asked: object; readonly answer: Uint8Array<ArrayBuffer> };
  readonly load: {
    readonly asked: { readonly device: DeviceName; readonly files: ModelFiles };
    readonly answer: LiveModelFacts;
  };
}
export type ToWorker =
  | { readonly kind: 'train'; readonly job: PageTraining }
  /** After the step under way; `resume` goes on from there. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'resume' }
  | Asked<Questions>;

/** What the page shows of a model. */
export interface LiveModelFacts {
  readonly family: string;
  /** It goes on with a text in the place of filling masks. */
  readonly causal: boolean;
  readonly device: DeviceName;
  readonly parameters: number;
  readonly layers: number;
  readonly tokens: number;
  readonly vocabulary: number;
  /** Whether it has spatial filters to draw. */
  readonly filters: boolean;
}

/** What the worker tells without being asked. */
export type TrainerEvent =
  | { readonly kind: 'stage'; readonly text: string }
  /** A training of this model begins, or goes on when it has taken steps. Until then the model from before is there. */
  | { readonly kind: 'started'; readonly facts: LiveModelFacts; readonly from: number; readonly steps: number }
  | { readonly kind: 'step'; readonly metrics: Metrics }
  /** The spatial weights of the blocks, the first block first. */
  | { readonly kind: 'filters'; readonly step: number; readonly weights: readonly HostArray[] }
  | { readonly kind: 'ended'; readonly outcome: 'finished' | 'stopped'; readonly step: number }
  | { readonly kind: 'failed'; readonly message: string };
