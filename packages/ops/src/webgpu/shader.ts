/**
 * Runs our own WGSL on TF.js's WebGPU backend. TF.js writes the declarations of its programs itself and allows them one output;
 * ours may have several, which is what makes layer normalisation, the gate and AdamW one dispatch each. So the pipeline is
 * ours, and what is recorded, and when it is submitted, stays with TF.js (`recordAndSubmit` of its `WebGPUBackend`).
 */
import { sizeOf } from '@gmlp/base';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';

/** What we use of TF.js's `WebGPUBackend` (its type needs the types of WebGPU, which our users should not have to install). */
export interface WebgpuBackend {
  readonly device: GpuDevice;
  makeTensorInfo(shape: number[], dtype: 'float32'): TensorInfo;
  uploadToGPU(dataId: DataId): void;
  disposeData(dataId: DataId): boolean;
  recordAndSubmit(program: object, output: TensorInfo, inputs: TensorInfo[], uniforms: Uniform[]): void;
}

interface GpuDevice {
  createShaderModule(descriptor: { code: string; label: string }): object;
  createComputePipeline(descriptor: { layout: 'auto'; label: string; compute: { module: object; entryPoint: 'main' } }): object;
}

interface Uniform {
  readonly type: 'int32' | 'float32';
  readonly data: number[];
}

export interface Shader {
  readonly name: string;
  /** Names of float32 arrays that it writes. */
  readonly outputs: readonly string[];
  /** Arrays that it reads. `size.name` is the number of elements of each array, also of the outputs. */
  readonly inputs: Readonly<Record<string, 'f32' | 'i32'>>;
  /** Numbers that it reads, as `constants.name`. */
  readonly constants: Readonly<Record<string, 'f32' | 'i32'>>;
  readonly workgroup: readonly [number, number];
  /** Declarations before the body. */
  readonly declarations?: string;
  /** WGSL; in it `group` counts the workgroups from 0 and `local` is the place in one, two u32. */
  readonly body: string;
}

/** The pipeline of each shader on each device: shaders are constants, and what was made on a device is freed with it. */
const pipelines = new WeakMap<GpuDevice, Map<Shader, object>>();

/** More workgroups than this in a row are refused by WebGPU. */
const longestRow = 65_535;

export function runShader(
  backend: WebgpuBackend,
  shader: Shader,
  inputs: Readonly<Record<string, TensorInfo>>,
  outputShapes: readonly (readonly number[])[],
  constants: Readonly<Record<string, number>>,
  groups: number,
): TensorInfo[] {
  const outputs = outputShapes.map((shape) => backend.makeTensorInfo([...shape], 'float32'));

  const bound = [...outputs, ...Object.keys(shader.inputs).map((name) => inputs[name]!)];
  for (const { dataId } of bound) backend.uploadToGPU(dataId);
  // As arrays of one axis, so that each adds two numbers to the uniforms: its size, and a stride that is always 1.
  const flat = bound.map((tensor) => ({ dataId: tensor.dataId, dtype: tensor.dtype, shape: [sizeOf(tensor.shape)] }));
  const rows = Math.ceil(groups / longestRow);
  const program = { pipeline: pipelineOf(backend.device, shader), dispatch: [Math.min(groups, longestRow), rows, 1] };
  const uniforms: Uniform[] = Object.entries(shader.constants).map(([name, type]) => ({
    type: type === 'f32' ? 'float32' : 'int32',
    data: [constants[name]!],
  }));
  uniforms.push({ type: 'int32', data: [groups] });
  // TF.js puts the sizes of the inputs before that of the output: `sourceOf` declares them in this order.
  backend.recordAndSubmit(program, flat[0]!, flat.slice(1), uniforms);
  return outputs;
}

function pipelineOf(device: GpuDevice, shader: Shader): object {
  const ofDevice = pipelines.get(device) ?? new Map<Shader, object>();
  pipelines.set(device, ofDevice);
  const known = ofDevice.get(shader);
  if (known) return known;
  const label = `gmlp ${shader.name}`;
  const module = device.createShaderModule({ code: sourceOf(shader), label });
  const pipeline = device.createComputePipeline({ layout: 'auto', label, compute: { module, entryPoint: 'main' } });
  ofDevice.set(shader, pipeline);
  return pipeline;
}

function sourceOf({ outputs, inputs, constants, workgroup, declarations = '', body }: Shader): string {
  const [first, ...others] = outputs;
  const names = [...others, ...Object.keys(inputs)];
  const sizes = [...names, first!].map((name) => `  size_${name}: i32, stride_${name}: i32,`);
  const numbers = Object.entries({ ...constants, groups: 'i32' }).map(([name, type]) => `  ${name}: ${type},`);
  const written = outputs.map((name, index) => `@group(0) @binding(${index}) var<storage, read_write> ${name}: array<f32>;`);
  const read = Object.entries(inputs).map(
    ([name, type], index) => `@group(0) @binding(${outputs.length + index}) var<storage, read> ${name}: array<${type}>;`,
  );
  return `
struct Constants {
  nan: f32, infinity: f32,
${[...sizes, ...numbers].join('\n')}
};
${[...written, ...read].join('\n')}
@group(0) @binding(${outputs.length + read.length}) var<uniform> constants: Constants;
${declarations}
@compute @workgroup_size(${workgroup[0]}, ${workgroup[1]}, 1)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) group_counts: vec3<u32>,
  @builtin(local_invocation_id) local_id: vec3<u32>,
) {
  let group = i32(group_id.y * group_counts.x + group_id.x);
  let local = vec2<i32>(local_id.xy);
  if (group >= constants.groups) { return; }
${body}
}
`;
}
