/**
 * What a graph looks up by the ids that it is given, and which classes its labels are of, so that a call can refuse others: ONNX
 * Runtime counts negative ids from the end, and a GPU reads whatever lies there.
 */
import { expectIndices } from '@gmlp/base';
import type { Graph } from '@gmlp/compiler';
import { type DeviceArray, isOnHost } from './device-array.ts';

/** Of an input, by its place, that holds indices of a gather or labels, as it came or reshaped. */
export interface IdLimit {
  readonly place: number;
  readonly what: 'id' | 'label';
  /** How many things it gathers from, or how many classes there are. */
  readonly count: number;
  /** The label of what does not count. */
  readonly ignored?: number;
}

export type IdLimits = readonly IdLimit[];

export function idLimits({ inputs, nodes, values }: Graph): IdLimits {
  const inputOf = new Map(inputs.map((id, place) => [id, place]));
  const limits = new Map<string, IdLimit>();
  const add = (place: number | undefined, limit: Omit<IdLimit, 'place'>): void => {
    if (place === undefined) return;
    const name = `${place} ${limit.what} ${limit.ignored}`;
    const count = Math.min(limit.count, limits.get(name)?.count ?? limit.count);
    limits.set(name, { ...limit, place, count });
  };
  for (const { kernel, inputs: given, attrs, outputs } of nodes) {
    if (kernel === 'Reshape') {
      const place = inputOf.get(given['x']!);
      if (place !== undefined) inputOf.set(outputs[0]!, place);
    } else if (kernel === 'GatherV2') {
      const count = values[given['x']!]!.shape.at(Number(attrs['axis']))!;
      add(inputOf.get(given['indices']!), { what: 'id', count });
    } else if (kernel === 'GmlpCountedLabels') {
      const [count, ignored] = [Number(attrs['classes']), Number(attrs['ignoredLabel'])];
      add(inputOf.get(given['labels']!), { what: 'label', count, ignored });
    }
  }
  return [...limits.values()];
}

/** Throws `invalid-data`, naming the argument, when an id or label that lies on the host has nothing to point at. */
export function expectIds(limits: IdLimits, feeds: readonly { readonly array: DeviceArray }[], names: readonly string[]): void {
  for (const { place, ...limit } of limits) {
    const { data } = feeds[place]!.array;
    if (isOnHost(data)) {
      expectIndices(`compiled call: argument ${names[place]}`, data, { ...limit, advice: advice[limit.what] });
    }
  }
}

const advice = {
  id: 'nothing is there to look up; of tokens: were they made with this model’s tokenizer?',
  label: 'the model has no score for it',
} as const;
