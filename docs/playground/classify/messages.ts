/** What the page and the worker that classifies say to each other. */
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { ModelFiles } from '../worker/messages.ts';

export interface ClassifierFacts {
  readonly family: string;
  readonly device: DeviceName;
  readonly parameters: number;
  /** Height and width of its images. */
  readonly imageSize: number;
  readonly classes: number;
}

export interface LikelyClass {
  readonly name: string;
  readonly probability: number;
}

export interface ClassifierQuestions {
  readonly devices: { readonly asked: object; readonly answer: readonly DeviceVerdict[] };
  readonly load: {
    readonly asked: { readonly device: DeviceName; readonly files: ModelFiles };
    readonly answer: ClassifierFacts;
  };
  /** RGBA, row by row, as large as the model's images. The five likeliest classes, or all if there are fewer. */
  readonly classify: { readonly asked: { readonly pixels: Uint8ClampedArray }; readonly answer: readonly LikelyClass[] };
}
