/** The pictures of `goldens/make-goldens.py`, for tests. */
import { readFileSync } from 'node:fs';
import { type Pixels, pixels } from '../pixels/pixels.ts';
import type { Interpolation } from '../pixels/resampling.ts';

interface Encoded {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}

export interface GoldenCase {
  readonly kind: 'resize' | 'flip' | 'operation';
  readonly name: string;
  readonly input: Pixels;
  readonly output: Pixels;
  readonly size?: readonly [width: number, height: number];
  readonly box?: readonly [left: number, top: number, width: number, height: number];
  readonly level?: number;
  readonly sign?: 1 | -1;
  readonly interpolation?: Interpolation;
}

export interface GoldenMix {
  readonly share: number;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly smoothing: number;
  readonly soft: readonly number[];
}

const decoded = ({ width, height, rgb }: Encoded): Pixels => pixels(width, height, new Uint8Array(Buffer.from(rgb, 'base64')));

interface File {
  readonly fill: readonly [number, number, number];
  readonly inputs: Readonly<Record<string, Encoded>>;
  readonly cases: readonly (Omit<GoldenCase, 'input' | 'output'> & { readonly input: string; readonly output: Encoded })[];
  readonly mixes: readonly GoldenMix[];
}

const file = JSON.parse(readFileSync(new URL('../../goldens/pictures.json', import.meta.url), 'utf8')) as File;

export const goldenFill: readonly [number, number, number] = file.fill;
export const goldenMixes: readonly GoldenMix[] = file.mixes;
export const goldenCases: readonly GoldenCase[] = file.cases.map((each) => ({
  ...each,
  input: decoded(file.inputs[each.input]!),
  output: decoded(each.output),
}));
