/** What goes between the main thread and those that decode. */
import type { EncodedError } from '@gmlp/base';
import type { UnlabelledImage } from '../image-source.ts';
import type { EvaluationTransform } from '../transform/evaluation-transform.ts';
import type { SampleNumber, TrainingTransform } from '../transform/training-transform.ts';

/** What becomes of a picture: plain data, as it crosses threads. With the seed and the sample's number it decides every bit. */
export type ImageTransform =
  | ({ readonly kind: 'training'; readonly seed: number } & TrainingTransform)
  | ({ readonly kind: 'evaluation'; readonly flipped?: boolean | undefined } & EvaluationTransform);

/** What a thread is told: a transform and the number that stands for it from now on, or a picture that goes through one. */
export type ToImageWorker =
  | { readonly kind: 'transform'; readonly id: number; readonly transform: ImageTransform }
  | {
      readonly kind: 'image';
      readonly number: number;
      readonly image: UnlabelledImage;
      readonly sample: SampleNumber;
      readonly transform: number;
      /** Where the values go, `[size, size, 3]`: it moves to the thread, and back with the answer. */
      readonly values: Float32Array<ArrayBuffer>;
    };

export interface FromImageWorker {
  readonly number: number;
  /** Holds what was asked for unless there is an error. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly error?: EncodedError;
}
