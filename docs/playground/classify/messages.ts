/** What the page and the worker that classifies say to each other. */
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { Pixels } from '@gmlp/vision';
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

/** What is said of an image, and what the model saw of it. */
export interface ClassifiedImage {
  /** The five likeliest classes, or all if there are fewer. */
  readonly classes: readonly LikelyClass[];
  readonly seen: Pixels;
}

export interface ClassifierQuestions {
  readonly devices: { readonly asked: object; readonly answer: readonly DeviceVerdict[] };
  readonly load: {
    readonly asked: { readonly device: DeviceName; readonly files: ModelFiles };
    readonly answer: ClassifierFacts;
  };
  readonly classify: { readonly asked: { readonly picture: Pixels }; readonly answer: ClassifiedImage };
}
