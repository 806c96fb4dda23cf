import { type Key, randomNormal, randomUniform, split } from '@gmlp/base';
import { roundHalfToEven } from '../pixels/crop.ts';

export interface RandomErasing {
  /** How often. */
  readonly probability: number;
  /** The part of the area, from and to; 0.02 to 1/3 by default. */
  readonly scale?: readonly [number, number] | undefined;
}

const ratio = [Math.log(0.3), Math.log(1 / 0.3)] as const;

/**
 * A box of a normalised picture `[height, width, 3]` becomes standard normal noise, in place: timm's `RandomErasing` in mode `pixel`
 * (https://arxiv.org/abs/1708.04896). Ten tries for a box that is smaller than the picture.
 */
export function eraseRandomly(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { probability, scale = [0.02, 1 / 3] }: RandomErasing,
  key: Key,
): void {
  if (randomUniform(key, 1)[0]! >= probability) return;
  const draws = randomUniform(split(key, 'box'), 40);
  for (let attempt = 0; attempt < 40; attempt += 4) {
    const area = (scale[0] + draws[attempt]! * (scale[1] - scale[0])) * width * height;
    const shape = Math.exp(ratio[0] + draws[attempt + 1]! * (ratio[1] - ratio[0]));
    const down = roundHalfToEven(Math.sqrt(area * shape));
    const across = roundHalfToEven(Math.sqrt(area / shape));
    if (down < 1 || across < 1 || across >= width || down >= height) continue;
    const top = Math.floor(draws[attempt + 2]! * (height - down + 1));
    const left = Math.floor(draws[attempt + 3]! * (width - across + 1));
    const noise = randomNormal(split(key, 'noise'), down * across * 3);
    for (let y = 0; y < down; y++) {
      values.set(noise.subarray(y * across * 3, (y + 1) * across * 3), ((top + y) * width + left) * 3);
    }
    return;
  }
}
