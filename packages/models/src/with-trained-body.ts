/**
 * Parameters for fine-tuning: a model's body from one that is trained, its head anew.
 *
 * All names outside of `head` are the body's. They must be the same in both, with the same shapes; what is not is listed in one
 * error. A `pooler`, which only some heads use, is taken where both models have it, drawn where the trained one has none.
 */
import type { HostArray, Key, MapLeaves } from '@gmlp/base';
import { initialValues, loadStrict, type Parameter, toNamed } from '@gmlp/layers';

export function withTrainedBody<S>(spec: S, trained: unknown, key: Key): MapLeaves<S, Parameter, HostArray> {
  const fresh = toNamed<HostArray>(initialValues(spec, key));
  const named = new Map([...fresh].filter(([name]) => isOf('head', name) || isOf('pooler', name)));
  for (const [name, array] of toNamed<HostArray>(trained)) {
    if (isOf('head', name) || (isOf('pooler', name) && !fresh.has(name))) continue;
    named.set(name, array);
  }
  return loadStrict(spec, named);
}

const isOf = (part: string, name: string): boolean => name === part || name.startsWith(`${part}.`);
