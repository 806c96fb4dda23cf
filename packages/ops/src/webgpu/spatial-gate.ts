/**
 * The spatial gate (../spatial-gate.ts) in one dispatch forward and two backward. All three are products cut into tiles of
 * 16 x 16, whose factors are loaded into the workgroup's memory sixteen columns at a time.
 */
import { columnSum, tile } from './column-sums.ts';
import type { WebgpuKernel } from './kernel.ts';
import { runShader, type Shader } from './shader.ts';

const tiles = `
var<workgroup> left: array<f32, ${tile * tile}>;
var<workgroup> right: array<f32, ${tile * tile}>;
fn tile_product(row: i32, column: i32) -> f32 {
  var sum = 0.0;
  for (var k = 0; k < ${tile}; k++) { sum += left[row * ${tile} + k] * right[k * ${tile} + column]; }
  return sum;
}
`;

const constants = { batch: 'i32', channels: 'i32', causal: 'i32' } as const;

/**
 * `sum` of a matrix times values along the tokens, for `token` and `channel` of this invocation at `place`: a workgroup has 16
 * tokens and 16 channels of one sample. `weight` is the matrix at row `token` and column `seen`; a causal gate
 * has it where `visible` holds alone;
 * `value` is what the place `other` holds.
 */
function tokenProduct({ visible, weight, value }: Record<'visible' | 'weight' | 'value', string>, results: string): string {
  return `
  let channels = constants.channels;
  let row_tiles = (tokens + ${tile - 1}) / ${tile};
  let column_tiles = (channels + ${tile - 1}) / ${tile};
  let sample = group / (row_tiles * column_tiles);
  let token = ((group / column_tiles) % row_tiles) * ${tile} + local.y;
  let channel = (group % column_tiles) * ${tile} + local.x;
  let start = sample * tokens * channels;
  var sum = 0.0;
  for (var first = 0; first < tokens; first += ${tile}) {
    let seen = first + local.x;
    var w = 0.0;
    if (token < tokens && seen < tokens && (constants.causal == 0 || ${visible})) { w = ${weight}; }
    var value = 0.0;
    if (first + local.y < tokens && channel < channels) {
      let other = start + (first + local.y) * channels + channel;
      value = ${value};
    }
    left[local.y * ${tile} + local.x] = w;
    right[local.y * ${tile} + local.x] = value;
    workgroupBarrier();
    sum += tile_product(local.y, local.x);
    workgroupBarrier();
  }
  if (token < tokens && channel < channels) {
    let place = start + token * channels + channel;
${results}
  }`;
}

/** f = W v + b and y = u f. */
const forward: Shader = {
  name: 'spatial gate',
  outputs: ['y', 'gate'],
  inputs: { u: 'f32', v: 'f32', weight: 'f32', bias: 'f32' },
  constants,
  workgroup: [tile, tile],
  declarations: tiles,
  body: `
  let tokens = constants.size_bias;${tokenProduct(
    { visible: 'seen <= token', weight: 'weight[token * tokens + seen]', value: 'v[other]' },
    `
    let f = sum + bias[token];
    gate[place] = f;
    y[place] = u[place] * f;`,
  )}`,
};

/** du = dy f and dv = W^T (dy u). */
const ofInputs: Shader = {
  name: 'spatial gate, gradients of u and v',
  outputs: ['du', 'dv'],
  inputs: { u: 'f32', weight: 'f32', gate: 'f32', dy: 'f32' },
  constants: { ...constants, tokens: 'i32' },
  workgroup: [tile, tile],
  declarations: tiles,
  body: `
  let tokens = constants.tokens;${tokenProduct(
    { visible: 'token <= seen', weight: 'weight[seen * tokens + token]', value: 'dy[other] * u[other]' },
    `
    du[place] = dy[place] * gate[place];
    dv[place] = sum;`,
  )}`,
};

/** dW[i, j] = sum over samples and channels of (dy u)[i] v[j]; the workgroups of the first tile of columns give dbias too. */
const ofParameters: Shader = {
  name: 'spatial gate, gradients of weight and bias',
  outputs: ['dweight', 'dbias'],
  inputs: { u: 'f32', v: 'f32', dy: 'f32' },
  constants,
  workgroup: [tile, tile],
  declarations: `${tiles}${columnSum}`,
  body: `
  let tokens = constants.size_dbias;
  let channels = constants.channels;
  let tiles = (tokens + ${tile - 1}) / ${tile};
  let first_row = (group / tiles) * ${tile};
  let first_column = (group % tiles) * ${tile};
  let row = first_row + local.y;
  let column = first_column + local.x;
  var sum = 0.0;
  var bias_sum = 0.0; // of the row local.x, over the channels of lane local.y
  for (var sample = 0; sample < constants.batch; sample++) {
    let start = sample * tokens * channels;
    for (var first = 0; first < channels; first += ${tile}) {
      let channel = first + local.x;
      let other = first + local.y;
      var value = 0.0;
      if (row < tokens && channel < channels) {
        let place = start + row * channels + channel;
        value = dy[place] * u[place];
      }
      var seen = 0.0;
      if (column < tokens && other < channels) { seen = v[start + column * channels + other]; }
      left[local.y * ${tile} + local.x] = value;
      right[local.y * ${tile} + local.x] = seen;
      workgroupBarrier();
      sum += tile_product(local.y, local.x);
      bias_sum += left[local.x * ${tile} + local.y];
      workgroupBarrier();
    }
  }
  let bias_total = column_sum(bias_sum, local.x, local.y);
  if (row < tokens && column < tokens) {
    dweight[row * tokens + column] = select(0.0, sum, constants.causal == 0 || column <= row);
  }
  if (first_column == 0 && local.y == 0 && first_row + local.x < tokens) { dbias[first_row + local.x] = bias_total; }`,
};

const tilesOf = (extent: number): number => Math.ceil(extent / tile);

export const spatialGate: WebgpuKernel = (backend, { u, v, weight, bias }, { causal }) => {
  const [batch, tokens, channels] = u!.shape as [number, number, number];
  const inputs = { u: u!, v: v!, weight: weight!, bias: bias! };
  const numbers = { batch, channels, causal: Number(causal) };
  return runShader(backend, forward, inputs, [u!.shape, u!.shape], numbers, batch * tilesOf(tokens) * tilesOf(channels));
};

export const spatialGateGradient: WebgpuKernel = (backend, { u, v, weight, gate, dy }, { causal }) => {
  const [batch, tokens, channels] = u!.shape as [number, number, number];
  const inputs = { u: u!, v: v!, weight: weight!, gate: gate!, dy: dy! };
  const numbers = { batch, channels, tokens, causal: Number(causal) };
  const groups = batch * tilesOf(tokens) * tilesOf(channels);
  return [
    ...runShader(backend, ofInputs, inputs, [u!.shape, u!.shape], numbers, groups),
    ...runShader(backend, ofParameters, inputs, [[tokens, tokens], [tokens]], numbers, tilesOf(tokens) ** 2),
  ];
};
