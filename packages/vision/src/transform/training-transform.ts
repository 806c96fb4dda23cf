import { GmlpError, type Key, randomUniform, split } from '@gmlp/base';
import { type AugmentPolicy, augmented, augmentPolicy } from '../augment/augment-policy.ts';
import { colorJitter } from '../augment/color-jitter.ts';
import { eraseRandomly, type RandomErasing } from '../augment/random-erasing.ts';
import { type RandomResizedCrop, randomBox } from '../augment/random-resized-crop.ts';
import { crop } from '../pixels/crop.ts';
import { flip } from '../pixels/flip.ts';
import type { Pixels } from '../pixels/pixels.ts';
import type { Interpolation } from '../pixels/resampling.ts';
import { resize } from '../pixels/resize.ts';
import { meanColor, type Normalisation, normalised } from './normalised.ts';

/** What a picture goes through before a model learns from it, in timm's order. */
export interface TrainingTransform extends Normalisation {
  /** Pixels of a side of what the model sees. */
  readonly size: number;
  readonly interpolation: Interpolation;
  /** A part of a drawn area and ratio, resized; or the picture at `size`, moved by up to so many pixels each way over a black margin. */
  readonly crop: ({ readonly kind: 'resized' } & RandomResizedCrop) | { readonly kind: 'padded'; readonly padding: number };
  /** Mirrored by chance, or every other epoch with the first drawn for each picture, or never. */
  readonly flip: 'random' | 'alternating' | 'none';
  /** AutoAugment or RandAugment in timm's notation. */
  readonly policy?: string | undefined;
  /** Strength of the color jitter. */
  readonly colorJitter?: number | undefined;
  readonly erasing?: RandomErasing | undefined;
}

/** Which sample of a run it is: with the key, all that decides. */
export interface SampleNumber {
  /** The picture's place in its source. */
  readonly index: number;
  readonly epoch: number;
  /** The sample's place in the order of its epoch: of a picture that comes several times, another each time. */
  readonly place: number;
}

/** Reads what a transform says once, for all samples. The values are in `into` where that is given. */
export function trainingTransform(
  transform: TrainingTransform,
): (picture: Pixels, sample: SampleNumber, key: Key, into?: Float32Array) => Float32Array {
  const policy: AugmentPolicy | undefined = transform.policy === undefined ? undefined : augmentPolicy(transform.policy);
  const { size, interpolation } = transform;
  if (!(Number.isInteger(size) && size > 0)) {
    throw new GmlpError('invalid-config', `trainingTransform: expected a size in whole pixels, got ${size}`, { size });
  }
  const fill = meanColor(transform);
  return (picture, { index, epoch, place }, key, into) => {
    const own = split(split(split(key, 'sample'), epoch), place);
    let result = cropped(picture, transform, { size, interpolation }, split(own, 'crop'));
    if (mirrored(transform.flip, { index, epoch }, key, own)) result = flip(result);
    if (policy) result = augmented(result, policy, fill, split(own, 'policy'));
    if (transform.colorJitter) result = colorJitter(result, transform.colorJitter, split(own, 'color'));
    const values = normalised(result, transform, into);
    if (transform.erasing) eraseRandomly(values, { width: size, height: size }, transform.erasing, split(own, 'erasing'));
    return values;
  };
}

function cropped(
  picture: Pixels,
  { crop: form }: Pick<TrainingTransform, 'crop'>,
  { size, interpolation }: Pick<TrainingTransform, 'size' | 'interpolation'>,
  key: Key,
): Pixels {
  const square = { width: size, height: size };
  if (form.kind === 'resized') return resize(picture, square, { interpolation, box: randomBox(picture, form, key) });
  const whole = picture.width === size && picture.height === size ? picture : resize(picture, square, { interpolation });
  const [across, down] = randomUniform(key, 2) as unknown as [number, number];
  const moved = (draw: number): number => Math.floor(draw * (2 * form.padding + 1)) - form.padding;
  return crop(whole, { ...square, left: moved(across), top: moved(down) });
}

/** Alternating: https://arxiv.org/abs/2404.00498. */
function mirrored(kind: TrainingTransform['flip'], { index, epoch }: Omit<SampleNumber, 'place'>, key: Key, own: Key): boolean {
  if (kind === 'none') return false;
  if (kind === 'random') return randomUniform(split(own, 'flip'), 1)[0]! < 0.5;
  const first = randomUniform(split(split(key, 'first flip'), index), 1)[0]! < 0.5;
  return first === (epoch % 2 === 0);
}
