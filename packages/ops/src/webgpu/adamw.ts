/** AdamW's update (../adamw.ts) of one tensor in one dispatch. */
import { sizeOf } from '@gmlp/base';
import type { WebgpuKernel } from './kernel.ts';
import { runShader, type Shader } from './shader.ts';

const threads = 256;

const update: Shader = {
  name: 'AdamW',
  outputs: ['next', 'next_mean', 'next_variance'],
  inputs: { parameter: 'f32', gradient: 'f32', mean: 'f32', variance: 'f32', clock: 'f32' },
  constants: {
    log_beta1: 'f32',
    log_beta2: 'f32',
    beta1: 'f32',
    rest1: 'f32',
    beta2: 'f32',
    rest2: 'f32',
    epsilon: 'f32',
    decay: 'f32',
  },
  workgroup: [threads, 1],
  // 1 - base^step: by a series near 0, where the subtraction would lose half of float32's digits.
  declarations: `
fn one_minus_power(log_base: f32, step: f32) -> f32 {
  let u = log_base * step;
  if (u < -0.5) { return 1.0 - exp(u); }
  return -u * (1.0 + u / 2.0 * (1.0 + u / 3.0 * (1.0 + u / 4.0 * (1.0 + u / 5.0 * (1.0 + u / 6.0 * (1.0 + u / 7.0 * (1.0 + u / 8.0)))))));
}
`,
  body: `
  let place = group * ${threads} + local.x;
  if (place >= constants.size_next) { return; }
  let step = clock[0];
  let rate = clock[1];
  let scale = clock[2];
  let size = rate / one_minus_power(constants.log_beta1, step);
  let root = sqrt(one_minus_power(constants.log_beta2, step));
  let g = gradient[place];
  let m = constants.beta1 * mean[place] + constants.rest1 * scale * g;
  let v = constants.beta2 * variance[place] + constants.rest2 * scale * scale * g * g;
  let kept = parameter[place] * (1.0 - rate * constants.decay);
  next[place] = kept - size * m / (sqrt(v) / root + constants.epsilon);
  next_mean[place] = m;
  next_variance[place] = v;`,
};

export const adamw: WebgpuKernel = (backend, { parameter, gradient, mean, variance, clock }, attributes) => {
  const { beta1, beta2, epsilon, weightDecay } = attributes as Record<string, number>;
  const { shape } = parameter!;
  return runShader(
    backend,
    update,
    { parameter: parameter!, gradient: gradient!, mean: mean!, variance: variance!, clock: clock! },
    [shape, shape, shape],
    {
      log_beta1: Math.log(beta1!),
      log_beta2: Math.log(beta2!),
      beta1: beta1!,
      rest1: 1 - beta1!,
      beta2: beta2!,
      rest2: 1 - beta2!,
      epsilon: epsilon!,
      decay: weightDecay!,
    },
    Math.ceil(sizeOf(shape) / threads),
  );
};
