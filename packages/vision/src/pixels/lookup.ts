/** Pictures through tables of 256 values, as Pillow's `ImageOps` makes them: invert, solarize, posterize, autocontrast, equalize. */
import type { Pixels } from './pixels.ts';

type Table = (value: number) => number;

/** Each byte by the table of its channel. */
function lookup({ width, height, data }: Pixels, tables: readonly [red: Table, green: Table, blue: Table]): Pixels {
  const values = tables.map((table) => Uint8ClampedArray.from({ length: 256 }, (_, value) => table(value)));
  const [red, green, blue] = values as [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    result[i] = red[data[i]!]!;
    result[i + 1] = green[data[i + 1]!]!;
    result[i + 2] = blue[data[i + 2]!]!;
  }
  return { width, height, data: result };
}

const alike = (picture: Pixels, table: Table): Pixels => lookup(picture, [table, table, table]);

export const invert = (picture: Pixels): Pixels => alike(picture, (value) => 255 - value);

/** Inverts what is at least as bright as the threshold. */
export const solarize = (picture: Pixels, threshold: number): Pixels =>
  alike(picture, (value) => (value < threshold ? value : 255 - value));

/** Brightens what is below 128. */
export const solarizeAdd = (picture: Pixels, added: number): Pixels =>
  alike(picture, (value) => (value < 128 ? Math.min(255, value + added) : value));

/** Keeps so many of the highest bits. */
export function posterize(picture: Pixels, bits: number): Pixels {
  if (bits >= 8) return picture;
  const kept = 256 - 2 ** (8 - bits);
  return alike(picture, (value) => value & kept);
}

type Histogram = Float64Array;

function histograms({ data }: Pixels): readonly [Histogram, Histogram, Histogram] {
  const counts = [new Float64Array(256), new Float64Array(256), new Float64Array(256)] as const;
  for (let i = 0; i < data.length; i += 3) {
    counts[0][data[i]!]!++;
    counts[1][data[i + 1]!]!++;
    counts[2][data[i + 2]!]!++;
  }
  return counts;
}

const channelwise = (picture: Pixels, tableOf: (counts: Histogram) => Table): Pixels => {
  const [red, green, blue] = histograms(picture);
  return lookup(picture, [tableOf(red), tableOf(green), tableOf(blue)]);
};

/** Each channel stretched, so that its darkest value is 0 and its brightest 255. */
export const autoContrast = (picture: Pixels): Pixels =>
  channelwise(picture, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) return (value) => value;
    const scale = 255 / (high - low);
    return (value) => Math.trunc(value * scale + -low * scale);
  });

/** Each channel's values spread, so that all occur about as often. */
export const equalize = (picture: Pixels): Pixels =>
  channelwise(picture, (counts) => {
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((counts.reduce((sum, count) => sum + count, 0) - last) / 255);
    if (step === 0) return (value) => value;
    const table = new Float64Array(256);
    for (let value = 0, before = Math.floor(step / 2); value < 256; value++) {
      table[value] = Math.floor(before / step);
      before += counts[value]!;
    }
    return (value) => table[value]!;
  });
