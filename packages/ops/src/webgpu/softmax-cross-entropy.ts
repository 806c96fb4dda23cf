/** Softmax cross-entropy (../softmax-cross-entropy.ts) in one dispatch forward and one backward; a workgroup takes a row. */
import type { WebgpuKernel } from './kernel.ts';
import { lanes, rowSumAndMaximum } from './row-sum.ts';
import { runShader, type Shader } from './shader.ts';

const constants = { ignored: 'i32', smoothing: 'f32', classes: 'i32' } as const;

const forward: Shader = {
  name: 'softmax cross-entropy',
  outputs: ['loss', 'normaliser'],
  inputs: { logits: 'f32', labels: 'i32' },
  constants,
  workgroup: [lanes, 1],
  declarations: rowSumAndMaximum,
  body: `
  let classes = constants.classes;
  let start = group * classes;
  var largest = logits[start];
  var sum = 0.0;
  for (var c = local.x; c < classes; c += ${lanes}) {
    largest = max(largest, logits[start + c]);
    sum += logits[start + c];
  }
  let maximum = row_maximum(largest, local.x);
  let total = row_sum(sum, local.x);
  var exponentials = 0.0;
  for (var c = local.x; c < classes; c += ${lanes}) { exponentials += exp(logits[start + c] - maximum); }
  let lse = maximum + log(row_sum(exponentials, local.x));
  if (local.x == 0) {
    let label = labels[group];
    normaliser[group] = lse;
    if (label == constants.ignored) {
      loss[group] = 0.0;
    } else {
      let target_logit = (1.0 - constants.smoothing) * logits[start + label] + constants.smoothing * total / f32(classes);
      loss[group] = lse - target_logit;
    }
  }`,
};

const gradient: Shader = {
  name: 'softmax cross-entropy, gradient',
  outputs: ['dlogits'],
  inputs: { logits: 'f32', labels: 'i32', normaliser: 'f32', dy: 'f32' },
  constants,
  workgroup: [lanes, 1],
  body: `
  let classes = constants.classes;
  let start = group * classes;
  let label = labels[group];
  let ignored = label == constants.ignored;
  let lse = normaliser[group];
  for (var c = local.x; c < classes; c += ${lanes}) {
    let wanted = select(0.0, 1.0 - constants.smoothing, c == label) + constants.smoothing / f32(classes);
    let change = dy[0] * (exp(logits[start + c] - lse) - wanted);
    dlogits[start + c] = select(change, 0.0, ignored); // not a product with 0: an ignored row may hold NaN
  }`,
};

function numbers(classes: number, { ignoredLabel, labelSmoothing }: Readonly<Record<string, unknown>>) {
  return { ignored: Number(ignoredLabel), smoothing: Number(labelSmoothing), classes };
}

export const softmaxCrossEntropy: WebgpuKernel = (backend, { logits, labels }, attributes) => {
  const [rows, classes] = logits!.shape as [number, number];
  return runShader(backend, forward, { logits: logits!, labels: labels! }, [[rows], [rows]], numbers(classes, attributes), rows);
};

export const softmaxCrossEntropyGradient: WebgpuKernel = (backend, { logits, labels, normaliser, dy }, attributes) => {
  const [rows, classes] = logits!.shape as [number, number];
  const inputs = { logits: logits!, labels: labels!, normaliser: normaliser!, dy: dy! };
  return runShader(backend, gradient, inputs, [[rows, classes]], numbers(classes, attributes), rows);
};
