/**
 * GELU (../gelu.ts) in one dispatch forward and one backward.
 *
 * WGSL has no erf. Within 4 of 0 it is x P(x^2) / Q(x^2), beyond it is 1 to float32's precision; the coefficients are those of
 * Eigen's float32 erf (https://gitlab.com/libeigen/eigen), whose error is a few units in the last place.
 */
import { sizeOf } from '@gmlp/base';
import type { WebgpuKernel } from './kernel.ts';
import { runShader, type Shader } from './shader.ts';

const threads = 256;

const erf = `
fn erf(value: f32) -> f32 {
  let v = clamp(value, -4.0, 4.0);
  let s = v * v;
  var p = -2.72614225801306e-10;
  p = p * s + 2.77068142495902e-08;
  p = p * s - 2.10102402082508e-06;
  p = p * s - 5.69250639462346e-05;
  p = p * s - 7.34990630326855e-04;
  p = p * s - 2.95459980854025e-03;
  p = p * s - 1.60960333262415e-02;
  var q = -1.45660718464996e-05;
  q = q * s - 2.13374055278905e-04;
  q = q * s - 1.68282697438203e-03;
  q = q * s - 7.37332916720468e-03;
  q = q * s - 1.42647390514189e-02;
  return v * p / q;
}
`;

/** tanh of WGSL may overflow for large arguments; beyond 10 it is 1. */
const tanhOfU = `
const tanh_scale = ${Math.sqrt(2 / Math.PI)};
const tanh_cubic = 0.044715;
fn tanh_of_u(v: f32) -> f32 { return tanh(clamp(tanh_scale * (v + tanh_cubic * v * v * v), -10.0, 10.0)); }
`;

const forms = {
  erf: {
    declarations: erf,
    value: `0.5 * v * (1.0 + erf(v * ${Math.SQRT1_2}))`,
    slope: `0.5 * (1.0 + erf(v * ${Math.SQRT1_2})) + v * exp(-0.5 * v * v) * ${1 / Math.sqrt(2 * Math.PI)}`,
  },
  tanh: {
    declarations: tanhOfU,
    value: '0.5 * v * (1.0 + tanh_of_u(v))',
    slope: `0.5 * (1.0 + tanh_of_u(v)) + 0.5 * v * (1.0 - tanh_of_u(v) * tanh_of_u(v)) * tanh_scale * (1.0 + 3.0 * tanh_cubic * v * v)`,
  },
};

type Form = keyof typeof forms;

function elementwise(name: string, inputs: Shader['inputs'], output: string, form: Form, value: string): Shader {
  return {
    name: `${name} (${form})`,
    outputs: [output],
    inputs,
    constants: {},
    workgroup: [threads, 1],
    declarations: forms[form].declarations,
    body: `
  let place = group * ${threads} + local.x;
  if (place < constants.size_x) {
    let v = x[place];
    ${output}[place] = ${value};
  }`,
  };
}

const shadersOf = (form: Form) => ({
  forward: elementwise('gelu', { x: 'f32' }, 'y', form, forms[form].value),
  gradient: elementwise('gelu, gradient', { x: 'f32', dy: 'f32' }, 'dx', form, `dy[place] * (${forms[form].slope})`),
});

const shaders = { erf: shadersOf('erf'), tanh: shadersOf('tanh') };

const kernel =
  (pass: 'forward' | 'gradient'): WebgpuKernel =>
  (backend, inputs, { approximate }) => {
    const { shape } = inputs['x']!;
    return runShader(backend, shaders[approximate as Form][pass], inputs, [shape], {}, Math.ceil(sizeOf(shape) / threads));
  };

export const gelu: WebgpuKernel = kernel('forward');
export const geluGradient: WebgpuKernel = kernel('gradient');
