import { centerBox, crop } from '../pixels/crop.ts';
import { flip } from '../pixels/flip.ts';
import type { Pixels } from '../pixels/pixels.ts';
import type { Interpolation } from '../pixels/resampling.ts';
import { resize, shorterSide } from '../pixels/resize.ts';
import { type Normalisation, normalised } from './normalised.ts';

/** What a picture goes through before a model judges it: timm's `pretrained_cfg` in our words. */
export interface EvaluationTransform extends Normalisation {
  /** Pixels of a side of what the model sees. */
  readonly size: number;
  /** What is left of the shorter side: timm's `crop_pct`. */
  readonly cropFraction: number;
  readonly interpolation: Interpolation;
}

/** Resized so that the crop fraction of the shorter side is `size` pixels, then the middle of it: timm's, and DeiT's, evaluation. */
export function centerCropped(
  picture: Pixels,
  { size, cropFraction, interpolation }: Omit<EvaluationTransform, keyof Normalisation>,
): Pixels {
  const resized = shorterSide(picture, Math.floor(size / cropFraction));
  const kept = centerBox(resized, { width: size, height: size });
  // A fraction above 1 leaves a black margin.
  if (kept.left < 0 || kept.top < 0) return crop(resize(picture, resized, { interpolation }), kept);
  return resize(picture, resized, { interpolation, kept });
}

export interface EvaluationValuesOptions {
  readonly flipped?: boolean | undefined;
  /** Where the values go; a new array by default. */
  readonly into?: Float32Array | undefined;
}

/** `[size, size, 3]`, the same in Node and in a browser. */
export function evaluationValues(
  picture: Pixels,
  transform: EvaluationTransform,
  { flipped = false, into }: EvaluationValuesOptions = {},
): Float32Array {
  const cropped = centerCropped(picture, transform);
  return normalised(flipped ? flip(cropped) : cropped, transform, into);
}
