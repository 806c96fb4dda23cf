/** A task as a stranger would add it: which number belongs in the gap of a count, 3 4 _ 6. Only tests use it. */
import { GmlpError, hostArray, key, randomUniform, split } from '@gmlp/base';
import type { Module } from '@gmlp/layers';
import { type MaskedLanguageBatch, type ModelConfig, maskedLanguageLoss } from '@gmlp/models';
import { type HostBatch, lossObjective } from '@gmlp/training';
import * as z from 'zod/mini';
import type { Task } from '../tasks/task.ts';

interface CountingData {
  /** Counts begin again after so many. */
  readonly numbers: number;
}

type Batch = HostBatch<MaskedLanguageBatch, undefined>;

const tokensOf = (config: ModelConfig): number => (config as { readonly tokens: number }).tokens;
const heldOutBatches = 4;

export const counting: Task<CountingData, MaskedLanguageBatch, undefined> = {
  families: ['gmlp-language'],
  causal: false,
  data: z.strictObject({ numbers: z._default(z.int().check(z.minimum(2)), 10) }),
  places: [],
  folder: 'counting',
  modelFiles: [],
  parts: { numbers: 'how far it counts' },
  config: ({ numbers }) => ({ vocabulary: numbers + 1 }), // the last id is the gap
  about: ({ numbers }) => `counting to ${numbers}`,
  unit: 'tokens',
  figures: [{ name: 'loss', label: 'loss', better: 'lower' }],
  headline: 'loss',
  baseline: [{ name: 'guessing', label: 'guessing', of: 'loss' }],
  counted: { name: 'gaps', label: 'gaps', of: ({ tensors }) => tensors.labels.data.length },
  async prepare({ data: { numbers }, config, seed, batchSize }) {
    const batch = (part: string, number: number): Batch => {
      const draws = randomUniform(split(split(key(seed), part), number), 2 * batchSize);
      return batchOf({ draws, numbers, tokens: tokensOf(config), batchSize });
    };
    const batches = async function* (part: string, first: number, last: number): AsyncGenerator<Batch> {
      for (let number = first; number < last; number++) yield batch(part, number);
    };
    return {
      training: (first) => batches('training', first, Number.POSITIVE_INFINITY),
      validation: () => batches('validation', 0, heldOutBatches),
      validationBatches: heldOutBatches,
      modelFiles: new Map(),
      fingerprints: { numbers: String(numbers) },
      changes: async () => ({ changes: [], notes: [] }),
      baseline: async () => ({ guessing: Math.log(numbers) }),
      close: async () => undefined,
    };
  },
  async measured() {
    throw new GmlpError('invalid-argument', 'counting: there is no data but its own');
  },
  objective: ({ module }) => lossObjective(maskedLanguageLoss(module as unknown as Module<unknown, MaskedLanguageBatch>)),
  shapes: (config, _, batchSize) => ({
    ids: { dtype: 'int32', shape: [batchSize, tokensOf(config)] },
    positions: { dtype: 'int32', shape: [batchSize, 1] },
    labels: { dtype: 'int32', shape: [batchSize, 1] },
  }),
  size: async () => undefined,
};

function batchOf(of: { draws: Float64Array; numbers: number; tokens: number; batchSize: number }): Batch {
  const { draws, numbers, tokens, batchSize } = of;
  const [ids, positions, labels] = [batchSize * tokens, batchSize, batchSize].map((size) => new Int32Array(size)) as [Int32Array, Int32Array, Int32Array]; // biome-ignore format: one line
  for (let row = 0; row < batchSize; row++) {
    const [start, gap] = [Math.floor(draws[2 * row]! * numbers), Math.floor(draws[2 * row + 1]! * tokens)];
    for (let token = 0; token < tokens; token++) ids[row * tokens + token] = (start + token) % numbers;
    positions[row] = gap;
    labels[row] = ids[row * tokens + gap]!;
    ids[row * tokens + gap] = numbers;
  }
  const one = (data: Int32Array) => hostArray('int32', [batchSize, 1], data);
  const tensors = { ids: hostArray('int32', [batchSize, tokens], ids), positions: one(positions), labels: one(labels) };
  return { tensors, units: batchSize * tokens, about: undefined };
}
