import { inflateSync } from 'node:zlib';
import { hostArray } from '@gmlp/base';
import type { SpatialForm } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { expect, it } from 'vitest';
import { drawnMatrix, finiteValues } from './drawn-matrix.ts';
import type { InspectedModel } from './inspect-model.ts';
import { inspectPage } from './inspect-page.ts';

const tokens = 8;
const language = { family: 'gmlp-language', vocabulary: 9, tokens, channels: 4, hiddenChannels: 8, layers: 1 } as const;
const image = {
  family: 'gmlp-vision',
  imageSize: 16,
  patchSize: 4,
  channels: 4,
  hiddenChannels: 8,
  layers: 1,
  head: { classes: 2 },
} as const;

const model = (
  options: ModelOptions,
  form?: SpatialForm,
  shape: readonly number[] = [],
  values = new Float32Array(),
): InspectedModel => ({
  directory: 'runs/mine',
  config: createModel(options).config,
  tree: 'embedding [9, 4] 36',
  parameters: 36,
  shapes: new Map(),
  spatial: form === undefined ? [] : [{ name: 'w', block: 0, form, weight: hostArray('float32', [...shape], values) }],
});

/** Where a filter's curve is, token by token: [x, y] in the picture. */
function curve(page: string): (readonly [number, number])[] {
  const path = /<path class="line c0" d="([^"]+)"/.exec(page)![1]!;
  return Array.from(path.matchAll(/[ML]([\d.]+) ([\d.]+)/g), ([, x, y]) => [Number(x), Number(y)] as const);
}

/** The pixels of each picture, by what it is called: `+`, `-` or `.` for positive, negative and zero; a text a row. */
function pictures(page: string): Map<string, string[]> {
  const found = page.matchAll(
    /<img class="map" width="(\d+)" height="(\d+)" alt="([^"]*)" src="data:image\/png;base64,([^"]*)"/g,
  );
  return new Map(
    Array.from(found, ([, width, height, name, base64]) => {
      const png = Buffer.from(base64!, 'base64');
      const size = Number(width);
      const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33))); // IDAT follows the signature and IHDR
      const sign = (at: number): string => (rows[at + 3] === 0 ? '.' : rows[at]! < rows[at + 2]! ? '+' : '-');
      const row = (y: number): string => Array.from({ length: size }, (_, x) => sign(y * (1 + 4 * size) + 1 + 4 * x)).join('');
      return [name!, Array.from({ length: Number(height) }, (_, y) => row(y))] as const;
    }),
  );
}

it('a Toeplitz weight of distance +2 stands to the right of the middle, one of distance -3 hangs to the left of it', () => {
  const weight = new Float32Array(2 * tokens - 1);
  weight[tokens - 1 + 2] = 1; // W[i, i + 2]
  weight[tokens - 1 - 3] = -0.5; // W[i, i - 3]
  const page = inspectPage({ model: model(language, 'toeplitz', [weight.length], weight) });
  const points = curve(page);
  expect(points).toHaveLength(2 * tokens - 1);
  const [, zero] = points[0]!;
  const offsets = points.flatMap(([, y], index) => (y === zero ? [] : [[index - (tokens - 1), Math.sign(zero - y)]]));
  expect(offsets).toEqual([
    [-3, -1],
    [2, 1],
  ]);
  const zeroLine = Number(/<line class="grid" x1="([\d.]+)"/.exec(page)![1]);
  expect(points[tokens - 1]![0]).toBe(zeroLine);
  expect(points.every(([x], index) => index === 0 || x > points[index - 1]![0])).toBe(true);
});

it('a dense weight above the diagonal is drawn above it, also where a picture is coarser; a causal model shows none', () => {
  const matrix = new Float32Array(tokens * tokens);
  for (let i = 0; i + 3 < tokens; i++) matrix[i * tokens + i + 3] = -1;
  const dense = { ...language, spatialWeight: 'dense' } as const;
  const page = inspectPage({ model: model(dense, 'dense', [tokens, tokens], matrix) });
  expect(pictures(page).get('Block 1: W, 8 by 8')).toEqual(
    Array.from({ length: tokens }, (_, i) => Array.from({ length: tokens }, (__, j) => (j === i + 3 ? '-' : '.')).join('')),
  );
  const heights = curve(page).map(([, y]) => y);
  expect(heights.indexOf(Math.max(...heights))).toBe(tokens / 2 + 3); // row 4 takes from token 7; y goes down
  const causal = inspectPage({ model: model({ ...dense, causal: true }, 'dense', [tokens, tokens], matrix) });
  expect(pictures(causal).get('Block 1: W, 8 by 8')!.join('')).toBe('.'.repeat(tokens * tokens));
  const { matrix: coarse, columns } = drawnMatrix(matrix, tokens, 3);
  expect({ columns, coarse: [...coarse] }).toEqual({ columns: 3, coarse: [0, -1, 0, 0, 0, -1, 0, 0, 0] });
});

it('rows of an image model are images of its grid, and those that are shown are named', () => {
  const patches = 16;
  const matrix = new Float32Array(patches * patches);
  for (let i = 0; i < patches; i++) matrix[i * patches + ((i + 1) % patches)] = 1; // each token takes from its right neighbour
  const page = inspectPage({ model: model(image, 'dense', [patches, patches], matrix) });
  expect(page).toContain('Shown are the tokens in rows and columns 1, 3, 4.');
  const shown = pictures(page);
  expect(shown.size).toBe(9);
  expect(shown.get('Block 1, row 1, column 1')).toEqual(['.+..', '....', '....', '....']);
  expect(shown.get('Block 1, row 3, column 1')).toEqual(['....', '....', '.+..', '....']);
});

it('hidden units of a Mixer are columns of their weight', () => {
  const hidden = 2;
  const matrix = Float32Array.from({ length: 16 * hidden }, (_, index) => (index === 5 * hidden + 1 ? -1 : 0)); // patch 5, unit 1
  const mixer = { ...image, family: 'mixer-vision', tokenHidden: hidden } as const;
  const shown = pictures(inspectPage({ model: model(mixer, 'hidden', [16, hidden], matrix) }));
  expect(shown.get('Block 1, unit 0')).toEqual(['....', '....', '....', '....']);
  expect(shown.get('Block 1, unit 1')).toEqual(['....', '.-..', '....', '....']);
});

it('hidden units of a Mixer of text are rows, and one of them is a curve by place', () => {
  const hidden = 3;
  const weight = Float32Array.from({ length: tokens * hidden }, (_, at) => (at === 6 * hidden + 1 ? 1 : 0)); // token 6, unit 1
  const mixer = { ...language, family: 'mixer-language', tokenHidden: hidden } as const;
  const page = inspectPage({ model: model(mixer, 'hidden', [tokens, hidden], weight) });
  expect(pictures(page).get('Block 1: W, 3 by 8')).toEqual(['........', '......+.', '........']);
  const heights = curve(page).map(([, y]) => y);
  expect(heights).toHaveLength(tokens);
  expect(heights.indexOf(Math.min(...heights))).toBe(6); // unit 1 is the middle one of three; y goes down
  expect(page).toContain('Above, what hidden unit 1 of the token mixing takes from each token, by its place;');
  expect(page).not.toMatch(/undefined|NaN/);
});

it('a model without spatial weights says so, and shows its tree', () => {
  const vit = { ...image, family: 'vit', heads: 1 } as const;
  const page = inspectPage({ model: model(vit) });
  expect(page).toContain('The model has no spatial weights: vit has no matrix whose rows are tokens.');
  expect(page).toContain('embedding [9, 4] 36');
  expect(pictures(page).size).toBe(0);
});

it('draws attention with the pieces beside it, and lets no piece out of its place', () => {
  const pieces = ['[CLS]', '<script>', '"&'];
  const page = inspectPage({
    model: model(language, 'toeplitz', [2 * tokens - 1], new Float32Array(2 * tokens - 1)),
    attention: { pieces, maps: [Float32Array.of(0.25, 0.75, 0, 0, 1, 0, 0.5, 0, 0.5)] },
  });
  const cells = Array.from(page.matchAll(/<rect [^>]*opacity="([\d.]+)"><title>([^<]*)<\/title>/g), ([, opacity, title]) => [
    title,
    Number(opacity),
  ]);
  expect(cells).toEqual([
    ['[CLS] to [CLS]: 25.0 %', 0.25],
    ['[CLS] to &lt;script&gt;: 75.0 %', 0.75],
    ['&lt;script&gt; to &lt;script&gt;: 100.0 %', 1],
    ['&quot;&amp; to [CLS]: 50.0 %', 0.5],
    ['&quot;&amp; to &quot;&amp;: 50.0 %', 0.5],
  ]);
  expect(page).not.toMatch(/<script|https?:\/\/|url\(|NaN|undefined/);
  const opened = (name: string): number => page.match(new RegExp(`<${name}[ >]`, 'g'))!.length;
  for (const name of ['svg', 'div', 'text', 'title', 'table', 'pre'])
    expect(page.match(new RegExp(`</${name}>`, 'g'))).toHaveLength(opened(name));
});

it('weights that are no numbers are counted and drawn as zero', () => {
  const weight = Float32Array.from({ length: 2 * tokens - 1 }, (_, index) => [Number.NaN, Number.POSITIVE_INFINITY][index] ?? 1);
  const page = inspectPage({ model: model(language, 'toeplitz', [weight.length], weight) });
  expect(page).toContain('2 of the weights are no finite numbers; drawn as zero.');
  expect(page).not.toMatch(/NaN|Infinity/);
  expect(finiteValues(Float32Array.of(3, Number.NEGATIVE_INFINITY))).toEqual({ values: Float32Array.of(3, 0), replaced: 1 });
});
