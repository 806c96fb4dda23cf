import { type Key, randomUniform } from '@gmlp/base';
import { type Box, roundHalfToEven } from '../pixels/crop.ts';
import type { Pixels } from '../pixels/pixels.ts';

export interface RandomResizedCrop {
  /** The part of the area, from and to; 0.08 to 1 by default. */
  readonly scale?: readonly [number, number] | undefined;
  /** Width by height, from and to, evenly in its logarithm; 3/4 to 4/3 by default. */
  readonly ratio?: readonly [number, number] | undefined;
}

/**
 * The box of Inception's crop (https://arxiv.org/abs/1409.4842) as in torchvision and timm: ten tries, then the largest box in the
 * middle whose ratio is in range.
 */
export function randomBox(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] }: RandomResizedCrop,
  key: Key,
): Box {
  const draws = randomUniform(key, 40);
  const between = (draw: number, [low, high]: readonly [number, number]): number => low + draw * (high - low);
  const logRatio = [Math.log(ratio[0]), Math.log(ratio[1])] as const;
  for (let attempt = 0; attempt < 40; attempt += 4) {
    const area = between(draws[attempt]!, scale) * width * height;
    const shape = Math.exp(between(draws[attempt + 1]!, logRatio));
    const across = roundHalfToEven(Math.sqrt(area * shape));
    const down = roundHalfToEven(Math.sqrt(area / shape));
    if (across < 1 || down < 1 || across > width || down > height) continue;
    return {
      left: Math.floor(draws[attempt + 2]! * (width - across + 1)),
      top: Math.floor(draws[attempt + 3]! * (height - down + 1)),
      width: across,
      height: down,
    };
  }
  const own = width / height;
  const across = own > ratio[1] ? Math.max(1, roundHalfToEven(height * ratio[1])) : width;
  const down = own < ratio[0] ? Math.max(1, roundHalfToEven(width / ratio[0])) : height;
  return { left: (width - across) >> 1, top: (height - down) >> 1, width: across, height: down };
}
