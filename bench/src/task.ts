/**
 * What every side of the step benchmark computes: a body of gMLP blocks, a final layer norm, the mean over the tokens, one
 * dense layer to the classes, softmax cross-entropy, all gradients, AdamW on all parameters. The task is written to a folder
 * once (see `task-folder.ts`) and read by every side, so that all start from the same numbers and their losses can be compared.
 */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';

export interface Task {
  readonly blocks: number;
  readonly batch: number;
  readonly tokens: number;
  readonly channels: number;
  readonly hidden: number;
  readonly classes: number;
  readonly normEpsilon: number;
  readonly adamw: {
    readonly rate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
  };
  readonly labels: readonly number[];
  /** The tensors of `values.f32`, in order: the parameters, then `images` [batch, tokens, channels]. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** gMLP-S's width with six blocks; AdamW as `torch.optim.AdamW` has it by default. */
export const gmlpS6 = {
  blocks: 6,
  batch: 8,
  tokens: 196,
  channels: 256,
  hidden: 1536,
  classes: 1000,
  normEpsilon: 1e-5,
  adamw: { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
} as const;

export type Sizes = Omit<Task, 'labels' | 'tensors'>;

/** Names and shapes of the parameters. Dense weights are [in, out]; spatial weights [tokens out, tokens in]. */
export function parameterShapes({ blocks, tokens, channels, hidden, classes }: Sizes): Task['tensors'] {
  const half = hidden / 2;
  const block = (index: number) => [
    { name: `blocks.${index}.norm.scale`, shape: [channels] },
    { name: `blocks.${index}.norm.offset`, shape: [channels] },
    { name: `blocks.${index}.expand.weight`, shape: [channels, hidden] },
    { name: `blocks.${index}.expand.bias`, shape: [hidden] },
    { name: `blocks.${index}.gate.norm.scale`, shape: [half] },
    { name: `blocks.${index}.gate.norm.offset`, shape: [half] },
    { name: `blocks.${index}.gate.spatial.weight`, shape: [tokens, tokens] },
    { name: `blocks.${index}.gate.spatial.bias`, shape: [tokens] },
    { name: `blocks.${index}.contract.weight`, shape: [half, channels] },
    { name: `blocks.${index}.contract.bias`, shape: [channels] },
  ];
  return [
    ...Array.from({ length: blocks }, (_, index) => block(index)).flat(),
    { name: 'norm.scale', shape: [channels] },
    { name: 'norm.offset', shape: [channels] },
    { name: 'head.weight', shape: [channels, classes] },
    { name: 'head.bias', shape: [classes] },
  ];
}

/** The factors of the blocks' first dense layer: most of a step's arithmetic is products like theirs. */
export function productShapes({ batch, tokens, channels, hidden }: Sizes) {
  return { x: [batch * tokens, channels], weight: [channels, hidden] } as const;
}

/** Floating-point operations of the product of these factors. */
export function productOperations(sizes: Sizes): number {
  const { x, weight } = productShapes(sizes);
  return 2 * x[0] * weight[0] * weight[1];
}

/** What a table says above its figures. */
export function describeTask({ blocks, channels, hidden, tokens, batch }: Sizes): string {
  return `${blocks} blocks, ${channels} channels (${hidden} inside), ${tokens} tokens, batch ${batch}`;
}

/** Weights that let every part of the model matter to the loss: no zeros, and spatial filters well away from the identity. */
function initialValues(name: string, shape: readonly number[], source: ReturnType<typeof key>): Float32Array {
  const draws = randomNormal(split(source, name), sizeOf(shape));
  if (name === 'images') return draws;
  if (name.endsWith('scale') || name.endsWith('spatial.bias')) return draws.map((draw) => 1 + 0.1 * draw);
  if (name.endsWith('spatial.weight')) return draws.map((draw) => (0.5 * draw) / Math.sqrt(shape[1]!));
  if (name.endsWith('weight')) return draws.map((draw) => draw / Math.sqrt(shape[0]!));
  return draws.map((draw) => 0.1 * draw);
}

/** The task with its tensors' values, in order. */
export function drawTask(sizes: Sizes, seed: number): { readonly task: Task; readonly values: readonly Float32Array[] } {
  const source = key(seed);
  const labels = Array.from({ length: sizes.batch }, (_, index) => (index * 131 + 7) % sizes.classes);
  const images = { name: 'images', shape: [sizes.batch, sizes.tokens, sizes.channels] };
  const task: Task = { ...sizes, labels, tensors: [...parameterShapes(sizes), images] };
  return { task, values: task.tensors.map(({ name, shape }) => initialValues(name, shape, source)) };
}

export interface LoadedTask {
  readonly task: Task;
  readonly parameters: ReadonlyMap<string, HostArray<'float32'>>;
  readonly images: HostArray<'float32'>;
  readonly labels: HostArray<'int32'>;
}

/** `values` are those of the task's tensors, one after the other. */
export function loadTask(task: Task, values: Float32Array): LoadedTask {
  const arrays = new Map<string, HostArray<'float32'>>();
  let offset = 0;
  for (const { name, shape } of task.tensors) {
    const end = offset + sizeOf(shape);
    arrays.set(name, hostArray('float32', shape, values.slice(offset, end)));
    offset = end;
  }
  const images = arrays.get('images')!;
  arrays.delete('images');
  return { task, parameters: arrays, images, labels: hostArray('int32', [task.batch], Int32Array.from(task.labels)) };
}
