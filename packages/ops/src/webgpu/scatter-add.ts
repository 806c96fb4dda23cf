/**
 * Sums of rows (../scatter-add.ts) without atomics: the places of a row's updates form a chain, which one invocation a channel
 * walks in order. Three dispatches: where each row's chain begins, how each goes on, the sums.
 */
import type { WebgpuKernel } from './kernel.ts';
import { runShader, type Shader } from './shader.ts';

const invocations = 64;

/** The first place of each row, or the number of indices: a float32 holds whole numbers up to 2^24. */
const firstPlaces: Shader = {
  name: 'first places of rows',
  outputs: ['first'],
  inputs: { indices: 'i32' },
  constants: {},
  workgroup: [invocations, 1],
  body: `
  let row = group * ${invocations} + local.x;
  if (row >= constants.size_first) { return; }
  var place = 0;
  while (place < constants.size_indices && indices[place] != row) { place++; }
  first[row] = f32(place);`,
};

/** For each place the next with the same index, or the number of indices. */
const nextPlaces: Shader = {
  name: 'next places of rows',
  outputs: ['next'],
  inputs: { indices: 'i32' },
  constants: {},
  workgroup: [invocations, 1],
  body: `
  let place = group * ${invocations} + local.x;
  if (place >= constants.size_next) { return; }
  var after = place + 1;
  while (after < constants.size_next && indices[after] != indices[place]) { after++; }
  next[place] = f32(after);`,
};

/** Blocks of updates are summed, then the blocks: rounding grows with the root of a chain's length, not with its length. */
const sums: Shader = {
  name: 'sums of rows by index',
  outputs: ['sum'],
  inputs: { updates: 'f32', first: 'f32', next: 'f32' },
  constants: { channels: 'i32' },
  workgroup: [invocations, 1],
  body: `
  let element = group * ${invocations} + local.x;
  if (element >= constants.size_sum) { return; }
  let channel = element % constants.channels;
  let count = constants.size_next;
  var place = i32(first[element / constants.channels]);
  var total = 0.0;
  while (place < count) {
    var block = 0.0;
    for (var i = 0; i < 256 && place < count; i++) {
      block += updates[place * constants.channels + channel];
      place = i32(next[place]);
    }
    total += block;
  }
  sum[element] = total;`,
};

export const scatterAdd: WebgpuKernel = (backend, { indices, updates }, { rows }) => {
  const [count, channels] = updates!.shape as [number, number];
  const groups = (elements: number): number => Math.ceil(elements / invocations);
  const [first] = runShader(backend, firstPlaces, { indices: indices! }, [[Number(rows)]], {}, groups(Number(rows)));
  const [next] = runShader(backend, nextPlaces, { indices: indices! }, [[count]], {}, groups(count));
  const inputs = { updates: updates!, first: first!, next: next! };
  const size = Number(rows) * channels;
  const result = runShader(backend, sums, inputs, [[Number(rows), channels]], { channels }, groups(size));
  for (const { dataId } of [first!, next!]) backend.disposeData(dataId);
  return result;
};
