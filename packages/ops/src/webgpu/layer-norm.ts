/** Layer normalisation (../layer-norm.ts) in one dispatch forward and two backward; a workgroup takes a row. */
import { sizeOf } from '@gmlp/base';
import { columnSum, tile } from './column-sums.ts';
import type { WebgpuKernel } from './kernel.ts';
import { lanes, rowSum } from './row-sum.ts';
import { runShader, type Shader } from './shader.ts';

const forward: Shader = {
  name: 'layer norm',
  outputs: ['y', 'mean', 'inverse'],
  inputs: { x: 'f32', scale: 'f32', offset: 'f32' },
  constants: { epsilon: 'f32' },
  workgroup: [lanes, 1],
  declarations: rowSum,
  body: `
  let channels = constants.size_scale;
  let start = group * channels;
  var sum = 0.0;
  for (var c = local.x; c < channels; c += ${lanes}) { sum += x[start + c]; }
  let average = row_sum(sum, local.x) / f32(channels);
  var squares = 0.0;
  for (var c = local.x; c < channels; c += ${lanes}) {
    let centred = x[start + c] - average;
    squares += centred * centred;
  }
  let r = inverseSqrt(row_sum(squares, local.x) / f32(channels) + constants.epsilon);
  for (var c = local.x; c < channels; c += ${lanes}) {
    y[start + c] = (x[start + c] - average) * r * scale[c] + offset[c];
  }
  if (local.x == 0) {
    mean[group] = average;
    inverse[group] = r;
  }`,
};

/** dx = r (g - average(g) - h average(g h)), with g = dy scale and h = (x - mean) r. */
const ofInput: Shader = {
  name: 'layer norm, gradient of x',
  outputs: ['dx'],
  inputs: { x: 'f32', scale: 'f32', mean: 'f32', inverse: 'f32', dy: 'f32' },
  constants: {},
  workgroup: [lanes, 1],
  declarations: rowSum,
  body: `
  let channels = constants.size_scale;
  let start = group * channels;
  let average = mean[group];
  let r = inverse[group];
  var g_sum = 0.0;
  var gh_sum = 0.0;
  for (var c = local.x; c < channels; c += ${lanes}) {
    let g = dy[start + c] * scale[c];
    g_sum += g;
    gh_sum += g * (x[start + c] - average) * r;
  }
  let g_average = row_sum(g_sum, local.x) / f32(channels);
  let gh_average = row_sum(gh_sum, local.x) / f32(channels);
  for (var c = local.x; c < channels; c += ${lanes}) {
    let h = (x[start + c] - average) * r;
    dx[start + c] = r * (dy[start + c] * scale[c] - g_average - h * gh_average);
  }`,
};

/** dscale = sum(dy h), doffset = sum(dy), over the rows. */
const ofParameters: Shader = {
  name: 'layer norm, gradients of scale and offset',
  outputs: ['dscale', 'doffset'],
  inputs: { x: 'f32', mean: 'f32', inverse: 'f32', dy: 'f32' },
  constants: {},
  workgroup: [tile, tile],
  declarations: columnSum,
  body: `
  let channels = constants.size_dscale;
  let rows = constants.size_mean;
  let column = group * ${tile} + local.x;
  var scale_sum = 0.0;
  var offset_sum = 0.0;
  if (column < channels) {
    for (var row = local.y; row < rows; row += ${tile}) {
      let place = row * channels + column;
      scale_sum += dy[place] * (x[place] - mean[row]) * inverse[row];
      offset_sum += dy[place];
    }
  }
  let scale_total = column_sum(scale_sum, local.x, local.y);
  let offset_total = column_sum(offset_sum, local.x, local.y);
  if (local.y == 0 && column < channels) {
    dscale[column] = scale_total;
    doffset[column] = offset_total;
  }`,
};

export const layerNorm: WebgpuKernel = (backend, { x, scale, offset }, { epsilon }) => {
  const statistics = [...x!.shape.slice(0, -1), 1];
  return runShader(
    backend,
    forward,
    { x: x!, scale: scale!, offset: offset! },
    [x!.shape, statistics, statistics],
    { epsilon: Number(epsilon) },
    sizeOf(statistics),
  );
};

export const layerNormGradient: WebgpuKernel = (backend, { x, scale, mean, inverseDeviation, dy }) => {
  const inputs = { x: x!, scale: scale!, mean: mean!, inverse: inverseDeviation!, dy: dy! };
  const groups = Math.ceil(sizeOf(scale!.shape) / tile);
  return [
    ...runShader(backend, ofInput, inputs, [x!.shape], {}, sizeOf(mean!.shape)),
    ...runShader(backend, ofParameters, inputs, [scale!.shape, scale!.shape], {}, groups),
  ];
};
