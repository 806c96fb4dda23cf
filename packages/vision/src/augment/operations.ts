/**
 * The operations of AutoAugment and RandAugment by timm's names, each with what its level from 0 to 10 means. `Increasing` ones move
 * away from the picture as the level grows, up or down by chance.
 */
import { affine, rotate } from '../pixels/affine.ts';
import { brightness, color, contrast, sharpness } from '../pixels/enhance.ts';
import { autoContrast, equalize, invert, posterize, solarize, solarizeAdd } from '../pixels/lookup.ts';
import type { Pixels } from '../pixels/pixels.ts';
import type { Interpolation } from '../pixels/resampling.ts';

/** What is drawn for an operation, and what it needs of its surroundings. */
export interface Drawn {
  /** -1 or 1. */
  readonly sign: -1 | 1;
  readonly interpolation: Interpolation;
  /** RGB of what comes in from outside: the mean of the pictures. */
  readonly fill: readonly [red: number, green: number, blue: number];
}

/** `level` from 0 to 10. */
export type Operation = (picture: Pixels, level: number, drawn: Drawn) => Pixels;

/** From 0.1 to 1.9; 1 is the picture itself. */
const factor = (level: number): number => (level / 10) * 1.8 + 0.1;
const factorAway = (level: number, { sign }: Drawn): number => Math.max(0.1, 1 + sign * ((level / 10) * 0.9));
/** From 0 to 4. */
const bits = (level: number): number => Math.trunc((level / 10) * 4);
const threshold = (level: number): number => Math.min(256, Math.trunc((level / 10) * 256));
const shear = (level: number, { sign }: Drawn): number => sign * ((level / 10) * 0.3);
const moved = (level: number, { sign }: Drawn): number => sign * ((level / 10) * 0.45);

export type OperationName =
  | 'AutoContrast'
  | 'Equalize'
  | 'Invert'
  | 'Rotate'
  | 'Posterize'
  | 'PosterizeIncreasing'
  | 'PosterizeOriginal'
  | 'Solarize'
  | 'SolarizeIncreasing'
  | 'SolarizeAdd'
  | 'Color'
  | 'ColorIncreasing'
  | 'Contrast'
  | 'ContrastIncreasing'
  | 'Brightness'
  | 'BrightnessIncreasing'
  | 'Sharpness'
  | 'SharpnessIncreasing'
  | 'ShearX'
  | 'ShearY'
  | 'TranslateXRel'
  | 'TranslateYRel';

export const operations: Readonly<Record<OperationName, Operation>> = {
  AutoContrast: (picture) => autoContrast(picture),
  Equalize: (picture) => equalize(picture),
  Invert: (picture) => invert(picture),
  Rotate: (picture, level, drawn) => rotate(picture, drawn.sign * ((level / 10) * 30), drawn),
  Posterize: (picture, level) => posterize(picture, bits(level)),
  PosterizeIncreasing: (picture, level) => posterize(picture, 4 - bits(level)),
  PosterizeOriginal: (picture, level) => posterize(picture, bits(level) + 4),
  Solarize: (picture, level) => solarize(picture, threshold(level)),
  SolarizeIncreasing: (picture, level) => solarize(picture, 256 - threshold(level)),
  SolarizeAdd: (picture, level) => solarizeAdd(picture, Math.min(128, Math.trunc((level / 10) * 110))),
  Color: (picture, level) => color(picture, factor(level)),
  ColorIncreasing: (picture, level, drawn) => color(picture, factorAway(level, drawn)),
  Contrast: (picture, level) => contrast(picture, factor(level)),
  ContrastIncreasing: (picture, level, drawn) => contrast(picture, factorAway(level, drawn)),
  Brightness: (picture, level) => brightness(picture, factor(level)),
  BrightnessIncreasing: (picture, level, drawn) => brightness(picture, factorAway(level, drawn)),
  Sharpness: (picture, level) => sharpness(picture, factor(level)),
  SharpnessIncreasing: (picture, level, drawn) => sharpness(picture, factorAway(level, drawn)),
  ShearX: (picture, level, drawn) => affine(picture, [1, shear(level, drawn), 0, 0, 1, 0], drawn),
  ShearY: (picture, level, drawn) => affine(picture, [1, 0, 0, shear(level, drawn), 1, 0], drawn),
  TranslateXRel: (picture, level, drawn) => affine(picture, [1, 0, moved(level, drawn) * picture.width, 0, 1, 0], drawn),
  TranslateYRel: (picture, level, drawn) => affine(picture, [1, 0, 0, 0, 1, moved(level, drawn) * picture.height], drawn),
};
