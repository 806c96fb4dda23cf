/** Pixels as a model's input, and how its files say that it wants them. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';

/** Of each channel, after division by 255: (value - mean) / std. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The values that timm's gMLP, Mixer and ViT were trained with: -1 to 1. */
const plain: Normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

type Plain = Readonly<Record<string, unknown>>;
const objectOf = (value: unknown): Plain => (typeof value === 'object' && value !== null ? (value as Plain) : {});
const three = (value: unknown): readonly number[] | undefined =>
  Array.isArray(value) && value.length === 3 && value.every(Number.isFinite) ? value : undefined;

/** From a `config.json` of timm, whose `pretrained_cfg` has it. */
export function normalisationOf(config: unknown): Normalisation {
  const { mean, std } = objectOf(objectOf(config)['pretrained_cfg']);
  return { mean: three(mean) ?? plain.mean, std: three(std) ?? plain.std };
}

/** One name a class: those in timm's config, or the lines of a `labels.txt`. */
export function classNames(config: unknown, labels: string | undefined, classes: number): readonly string[] {
  const told = objectOf(objectOf(config)['pretrained_cfg'])['label_names'];
  const listed = labels?.split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = listed ?? (Array.isArray(told) ? told.map(String) : undefined);
  if (names === undefined) return Array.from({ length: classes }, (_, index) => `class ${index}`);
  if (names.length === classes) return names;
  throw new GmlpError('invalid-data', `The model tells ${classes} classes apart, but ${names.length} names are given for them.`);
}

/** float32 [1, size, size, 3] from RGBA; what is transparent was drawn on white. */
export function imageInput(pixels: Uint8ClampedArray, size: number, { mean, std }: Normalisation): HostArray<'float32'> {
  const data = new Float32Array(size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[3 * pixel + channel] = (pixels[4 * pixel + channel]! / 255 - mean[channel]!) / std[channel]!;
    }
  }
  return hostArray('float32', [1, size, size, 3], data);
}
