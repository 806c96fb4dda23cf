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
    let target_logit = (1.0 - constants.smoothing) * logits[start + max(label, 0)] + constants.smoothing * total / f32(classes);
    normaliser[group] = lse;
    loss[group] = select(lse - target_logit, 0.0, label == constants.ignored);
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
  let weight = select(dy[0], 0.0, label == constants.ignored);
  let lse = normaliser[group];
  for (var c = local.x; c < classes; c += ${lanes}) {
    let wanted = select(0.0, 1.0 - constants.smoothing, c == label) + constants.smoothing / f32(classes);
    dlogits[start + c] = weight * (exp(logits[start + c] - lse) - wanted);
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
