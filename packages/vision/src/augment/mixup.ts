/**
 * Mixup (https://arxiv.org/abs/1710.09412) and CutMix (https://arxiv.org/abs/1905.04899) of a batch with itself turned around, as timm
 * does it a batch at a time, with soft labels and label smoothing.
 */
import { GmlpError, type Key, randomUniform, split } from '@gmlp/base';
import { randomBeta } from './random-beta.ts';

export interface MixOptions {
  /** Beta(alpha, alpha) of the share in mixup; 0: no mixup. */
  readonly mixup: number;
  /** The same of CutMix. */
  readonly cutmix: number;
  /** How often a batch is mixed at all; 1 by default. */
  readonly probability?: number | undefined;
  /** How often by CutMix where both are on; 0.5 by default. */
  readonly switchProbability?: number | undefined;
}

/** How a batch is mixed: `share` of each picture is its own. */
export type Mix =
  | { readonly kind: 'none'; readonly share: 1 }
  | { readonly kind: 'mixup'; readonly share: number }
  | {
      readonly kind: 'cutmix';
      readonly share: number;
      readonly box: readonly [top: number, bottom: number, left: number, right: number];
    };

/** What the key draws for a batch of pictures of this size. */
export function drawnMix(
  { width, height }: { readonly width: number; readonly height: number },
  { mixup, cutmix, probability = 1, switchProbability = 0.5 }: MixOptions,
  key: Key,
): Mix {
  if (!(mixup >= 0 && cutmix >= 0)) {
    throw new GmlpError('invalid-config', `drawnMix: expected mixup and cutmix from 0, got ${mixup} and ${cutmix}`, {
      mixup,
      cutmix,
    });
  }
  const [happens, kind, y, x] = randomUniform(key, 4) as unknown as [number, number, number, number];
  if (happens >= probability || (mixup === 0 && cutmix === 0)) return { kind: 'none', share: 1 };
  const cut = cutmix > 0 && (mixup === 0 || kind < switchProbability);
  const share = randomBeta(cut ? cutmix : mixup, split(key, 'share'));
  return cut ? cutOf({ width, height }, share, { x, y }) : { kind: 'mixup', share };
}

/** A box of 1 - share of the area around a drawn pixel, cut off at the edges; the share is then that of what is left. */
export function cutOf(
  { width, height }: { readonly width: number; readonly height: number },
  share: number,
  at: { readonly x: number; readonly y: number },
): Mix {
  const side = Math.sqrt(1 - share);
  const span = (length: number, draw: number): readonly [number, number] => {
    const reach = Math.floor(Math.trunc(length * side) / 2);
    const middle = Math.floor(draw * length);
    return [Math.max(0, middle - reach), Math.min(length, middle + reach)];
  };
  const [top, bottom] = span(height, at.y);
  const [left, right] = span(width, at.x);
  return { kind: 'cutmix', share: 1 - ((bottom - top) * (right - left)) / (width * height), box: [top, bottom, left, right] };
}

/** Mixes pictures `[batch, height, width, 3]` in place: each with the one that stands as far from the end. */
export function mixPictures(
  pictures: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  mix: Mix,
): void {
  if (mix.kind === 'none') return;
  const size = width * height * 3;
  const own = Float32Array.from(pictures);
  const count = pictures.length / size;
  for (let i = 0; i < count; i++) {
    const [to, from] = [i * size, (count - 1 - i) * size];
    if (mix.kind === 'mixup') {
      const other = Math.fround(1 - mix.share);
      const share = Math.fround(mix.share);
      for (let j = 0; j < size; j++) pictures[to + j] = Math.fround(own[to + j]! * share) + Math.fround(own[from + j]! * other);
      continue;
    }
    const [top, bottom, left, right] = mix.box;
    for (let y = top; y < bottom; y++) {
      const [begin, end] = [(y * width + left) * 3, (y * width + right) * 3];
      pictures.set(own.subarray(from + begin, from + end), to + begin);
    }
  }
}

/** Soft labels `[batch, classes]` of a mixed batch; the smoothing is spread over all classes. */
export function mixedLabels(labels: ArrayLike<number>, classes: number, { share }: Mix, smoothing: number): Float32Array {
  const spread = smoothing / classes;
  const soft = new Float32Array(labels.length * classes).fill(spread);
  for (let i = 0; i < labels.length; i++) {
    for (const [label, part] of [
      [labels[i]!, share],
      [labels[labels.length - 1 - i]!, 1 - share],
    ] as const) {
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        throw new GmlpError('invalid-data', `mixedLabels: expected labels from 0 to ${classes - 1}, got ${label}`, {
          label,
          classes,
        });
      }
      soft[i * classes + label]! += (1 - smoothing) * part;
    }
  }
  return soft;
}
