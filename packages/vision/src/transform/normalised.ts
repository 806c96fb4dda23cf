import { GmlpError } from '@gmlp/base';
import type { Pixels } from '../pixels/pixels.ts';

export type Channels = readonly [red: number, green: number, blue: number];

/** What a model expects of its pixels, once they lie between 0 and 1: (value - mean) / deviation. */
export interface Normalisation {
  readonly mean: Channels;
  readonly deviation: Channels;
}

/** Of ImageNet's pictures, as DeiT and ResMLP take them. */
export const imagenetNormalisation: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
/** From -1 to 1, as timm's gMLP and Mixer take them. */
export const inceptionNormalisation: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** `[height, width, 3]` of a picture, in `values` where that is given. */
export function normalised(
  { data }: Pixels,
  normalisation: Normalisation,
  values: Float32Array = new Float32Array(data.length),
): Float32Array {
  if (values.length !== data.length) {
    throw new GmlpError('shape-mismatch', `normalised: a picture has ${data.length} values, there is room for ${values.length}`, {
      expected: data.length,
      got: values.length,
    });
  }
  const tables = [0, 1, 2].map((channel) => tableOf(normalisation, channel));
  const [red, green, blue] = tables as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < data.length; i += 3) {
    values[i] = red[data[i]!]!;
    values[i + 1] = green[data[i + 1]!]!;
    values[i + 2] = blue[data[i + 2]!]!;
  }
  return values;
}

function tableOf({ mean, deviation }: Normalisation, channel: number): Float32Array {
  const [center, spread] = [mean[channel]!, deviation[channel]!];
  if (!(spread > 0 && Number.isFinite(center))) {
    throw new GmlpError('invalid-config', `normalised: expected a mean and a deviation above 0, got ${center} and ${spread}`);
  }
  return Float32Array.from({ length: 256 }, (_, value) => (value / 255 - center) / spread);
}

/** The mean as a color of 8 bits: what comes in from outside when a picture is turned or moved, as in timm. */
export const meanColor = ({ mean }: Normalisation): Channels => {
  const [red, green, blue] = mean.map((value) => Math.min(255, Math.round(value * 255))) as [number, number, number];
  return [red, green, blue];
};
