import { GmlpError, type Key, randomUniform, split } from '@gmlp/base';
import { brightness, color, contrast } from '../pixels/enhance.ts';
import type { Pixels } from '../pixels/pixels.ts';

const qualities = [brightness, contrast, color] as const;

/**
 * Brightness, contrast and colour by factors from 1 - strength to 1 + strength each, in a drawn order: torchvision's `ColorJitter`
 * with three equal strengths, as timm's `color_jitter`.
 */
export function colorJitter(picture: Pixels, strength: number, key: Key): Pixels {
  if (!(strength >= 0))
    throw new GmlpError('invalid-config', `colorJitter: expected a strength from 0, got ${strength}`, { strength });
  const places = randomUniform(split(key, 'order'), qualities.length);
  const order = [...qualities.keys()].sort((a, b) => places[a]! - places[b]!);
  const factors = randomUniform(split(key, 'factors'), qualities.length);
  const least = Math.max(0, 1 - strength);
  return order.reduce((result, i) => qualities[i]!(result, least + factors[i]! * (1 + strength - least)), picture);
}
