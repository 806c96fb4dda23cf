/**
 * What a graph looks up by the ids that it is given, and which classes its labels are of, so that a call can refuse others: ONNX
 * Runtime counts negative ids from the end, and a GPU reads whatever lies there.
 */
import { expectIndices } from '@gmlp/base';
import type { Graph, ValueId } from '@gmlp/compiler';
import { type DeviceArray, isOnHost } from './device-array.ts';

interface Lookup {
  readonly what: 'id' | 'label';
  /** How many things are gathered from, or how many classes there are. */
  readonly count: number;
  /** The label of what does not count. */
  readonly ignored?: number;
}

/** Of an input, by its place, that holds indices of a gather or labels, as it came or reshaped. */
export interface IdLimit extends Lookup {
  readonly place: number;
}

export type IdLimits = readonly IdLimit[];

/** What calls have to be checked for; ids and labels that the function holds itself are checked here, once. */
export function idLimits(graph: Graph): IdLimits {
  const places = new Map(graph.inputs.map((id, place) => [id, place]));
  const limits = new Map<string, IdLimit>();
  for (const { of, ...limit } of lookups(graph)) {
    const held = graph.constants.get(of);
    if (held)
      expectIndices('compiled call: a tensor that the function holds', held.data, { ...limit, advice: advice[limit.what] });
    const place = places.get(of);
    if (place === undefined) continue;
    const name = `${place} ${limit.what} ${limit.ignored}`;
    const count = Math.min(limit.count, limits.get(name)?.count ?? limit.count);
    limits.set(name, { ...limit, place, count });
  }
  return [...limits.values()];
}

/** What each node looks up, and the value, before it was reshaped, that says where. */
function* lookups({ nodes, values }: Graph): Generator<Lookup & { readonly of: ValueId }> {
  const sources = new Map<ValueId, ValueId>();
  const sourceOf = (id: ValueId): ValueId => sources.get(id) ?? id;
  for (const { kernel, inputs, attrs, outputs } of nodes) {
    if (kernel === 'Reshape') {
      sources.set(outputs[0]!, sourceOf(inputs['x']!));
    } else if (kernel === 'GatherV2') {
      const count = values[inputs['x']!]!.shape.at(Number(attrs['axis']))!;
      yield { of: sourceOf(inputs['indices']!), what: 'id', count };
    } else if (kernel === 'GmlpCountedLabels') {
      const [count, ignored] = [Number(attrs['classes']), Number(attrs['ignoredLabel'])];
      yield { of: sourceOf(inputs['labels']!), what: 'label', count, ignored };
    }
  }
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
