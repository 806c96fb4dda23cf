/**
 * What a graph looks up by the ids that it is given, so that a call can refuse others: ONNX Runtime counts negative ids from the
 * end, and a GPU reads whatever lies there.
 */
import { expectIndices } from '@gmlp/base';
import type { Graph } from '@gmlp/compiler';
import { type DeviceArray, isOnHost } from './device-array.ts';

/** For inputs, by their place, that are indices of a gather as they came or reshaped: how many things it gathers from. */
export type IdLimits = ReadonlyMap<number, number>;

export function idLimits({ inputs, nodes, values }: Graph): IdLimits {
  const inputOf = new Map(inputs.map((id, place) => [id, place]));
  const limits = new Map<number, number>();
  for (const { kernel, inputs: given, attrs, outputs } of nodes) {
    if (kernel === 'Reshape') {
      const place = inputOf.get(given['x']!);
      if (place !== undefined) inputOf.set(outputs[0]!, place);
    } else if (kernel === 'GatherV2') {
      const place = inputOf.get(given['indices']!);
      const count = values[given['x']!]!.shape.at(Number(attrs['axis']))!;
      if (place !== undefined) limits.set(place, Math.min(count, limits.get(place) ?? count));
    }
  }
  return limits;
}

/** Throws `invalid-data`, naming the argument, when an id that lies on the host has nothing to point at. */
export function expectIds(limits: IdLimits, feeds: readonly { readonly array: DeviceArray }[], names: readonly string[]): void {
  for (const [place, count] of limits) {
    const { data } = feeds[place]!.array;
    if (isOnHost(data)) expectIndices(`compiled call: argument ${names[place]}`, 'id', data, count, advice);
  }
}

const advice = 'nothing is there to look up; of tokens: were they made with this model’s tokenizer?';
