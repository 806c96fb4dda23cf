/**
 * Weights of another implementation under our names and back: a list of rules, read in either direction, applied strictly.
 * Theirs to ours and back gives theirs bit for bit.
 */
import { GmlpError, type HostArray, hostArray, listedNames, type MapLeaves, sameShape, sizeOf } from '@gmlp/base';
import { loadStrict, type Parameter, parameter, toNamed } from '@gmlp/layers';
import { type Change, toOurLayout, toTheirLayout, toTheirShape } from './change.ts';

export interface NameRule {
  /** Their name; `#` stands for a number. */
  readonly theirs: string;
  /** Ours; `#` is the same number. Several when theirs holds equal parts one after another along its first axis. */
  readonly ours: string | readonly string[];
  /** What turns a part of theirs into ours. */
  readonly change?: Change;
  /** Their other names for the same weights (tied): accepted when equal, written on the way back. */
  readonly aliases?: readonly string[];
}

export interface NameMap {
  /** Whose names these are, for messages. */
  readonly source: string;
  readonly rules: readonly NameRule[];
  /** Their names for what is not learned (counters, masks): passed over on the way in. `#` stands for a number. */
  readonly ignored?: readonly string[];
}

type Named = ReadonlyMap<string, HostArray>;

/** Their arrays (weights, or gradients of them) under our names and in our layout. Names that no rule knows are an error that lists them. */
export function toOurs(map: NameMap, theirs: Named): Map<string, HostArray> {
  const ours = new Map<string, HostArray>();
  for (const [name, array] of withoutAliases(map, theirs)) {
    const { rule, number } = findRule(map.rules, name)!;
    const parts = partsOf(rule);
    for (const [index, part] of cut(map.source, name, array, parts.length).entries()) {
      ours.set(numbered(parts[index]!, number), toOurLayout(map.source, name, part, rule.change ?? 'none'));
    }
  }
  return ours;
}

/** Our arrays under their names and in their layout, aliases too: the inverse of `toOurs`. */
export function toTheirs(map: NameMap, ours: Named): Map<string, HostArray> {
  const theirs = new Map<string, HostArray>();
  for (const { rule, number, parts } of byTheirName(map, [...ours.keys()])) {
    const arrays = parts.map((name) => toTheirLayout(ours.get(name)!, rule.change ?? 'none'));
    const whole = joined(arrays);
    for (const name of [rule.theirs, ...(rule.aliases ?? [])]) theirs.set(numbered(name, number), whole);
  }
  return theirs;
}

/**
 * Parameters of a spec from their weights. Whatever is missing, unexpected or of another shape is listed in one error, by
 * their names: nothing is guessed.
 */
export function readWeights<S>(map: NameMap, spec: S, theirs: Named): MapLeaves<S, Parameter, HostArray> {
  const leaves = toNamed<Parameter>(spec);
  const expected: Record<string, Parameter> = {};
  for (const { rule, number, parts } of byTheirName(map, [...leaves.keys()])) {
    const [first, ...rest] = toTheirShape(leaves.get(parts[0]!)!.shape, rule.change ?? 'none');
    const shape = first === undefined ? [] : [first * parts.length, ...rest];
    expected[numbered(rule.theirs, number)] = parameter(shape, { kind: 'constant', value: 0 }, { decay: false });
  }
  const canonical = withoutAliases(map, theirs, { unknown: 'keep' });
  loadStrict(expected, canonical);
  return loadStrict(spec, toOurs(map, canonical));
}

/** Parameters under their names: what their loader takes. */
export function writeWeights(map: NameMap, params: unknown): Map<string, HostArray> {
  return toTheirs(map, toNamed<HostArray>(params));
}

interface TheirWeight {
  readonly rule: NameRule;
  readonly number: string;
  /** The names of ours that it holds. */
  readonly parts: readonly string[];
}

/** Our names as their weights, each once, in order. Names without a rule, or weights with only some of their parts, are listed. */
function byTheirName({ source, rules }: NameMap, names: readonly string[]): TheirWeight[] {
  const known = new Set(names);
  const weights = new Map<string, TheirWeight>();
  const unknown: string[] = [];
  for (const name of names) {
    const found = rules.flatMap((rule) =>
      partsOf(rule).flatMap((part) => matched(part, name).map((number) => ({ rule, number }))),
    );
    const [match] = found;
    if (match === undefined) unknown.push(name);
    else {
      const parts = partsOf(match.rule).map((part) => numbered(part, match.number));
      weights.set(numbered(match.rule.theirs, match.number), { ...match, parts });
    }
  }
  if (unknown.length > 0) {
    throw new GmlpError('name-mismatch', `${source}: has no names for these weights of ours: ${listedNames(unknown)}`, {
      unknown,
    });
  }
  const missing = [...weights.values()].flatMap(({ parts }) => parts.filter((part) => !known.has(part)));
  if (missing.length > 0) {
    throw new GmlpError('name-mismatch', `${source}: these weights of ours are missing: ${listedNames(missing)}`, { missing });
  }
  return [...weights.values()];
}

/** Their weights, each under its first name: what is ignored is left out, and an alias must equal what it stands for. */
function withoutAliases(
  { source, rules, ignored = [] }: NameMap,
  theirs: Named,
  { unknown: policy = 'refuse' }: { readonly unknown?: 'refuse' | 'keep' } = {},
): Map<string, HostArray> {
  const canonical = new Map<string, HostArray>();
  const unknown: string[] = [];
  for (const [name, array] of theirs) {
    if (ignored.some((pattern) => matched(pattern, name).length > 0)) continue;
    const found = findRule(rules, name);
    if (found === undefined) {
      unknown.push(name);
      if (policy === 'keep') canonical.set(name, array);
      continue;
    }
    const first = numbered(found.rule.theirs, found.number);
    const other = theirs.get(first);
    if (first !== name && other !== undefined && !equal(array, other)) {
      throw new GmlpError(
        'invalid-data',
        `${source}: ${listedNames([name])} and ${first} are one weight in this model, but differ; create the model with them untied`,
        { name, other: first },
      );
    }
    canonical.set(first, other ?? array);
  }
  if (policy === 'refuse' && unknown.length > 0) {
    throw new GmlpError('name-mismatch', `${source}: these weights are not known: ${listedNames(unknown)}`, { unknown });
  }
  return canonical;
}

function findRule(rules: readonly NameRule[], name: string): { rule: NameRule; number: string } | undefined {
  for (const rule of rules) {
    for (const pattern of [rule.theirs, ...(rule.aliases ?? [])]) {
      const [number] = matched(pattern, name);
      if (number !== undefined) return { rule, number };
    }
  }
  return undefined;
}

function partsOf({ ours }: NameRule): readonly string[] {
  return typeof ours === 'string' ? [ours] : ours;
}

/** What `#` stands for when the name is of the pattern: one string, empty without a `#`; none when it is not. */
function matched(pattern: string, name: string): string[] {
  const [before, after] = pattern.split('#') as [string, string?];
  if (after === undefined) return pattern === name ? [''] : [];
  if (name.length <= before.length + after.length || !name.startsWith(before) || !name.endsWith(after)) return [];
  const number = name.slice(before.length, name.length - after.length);
  return /^(0|[1-9]\d*)$/.test(number) ? [number] : [];
}

function numbered(pattern: string, number: string): string {
  return pattern.replace('#', number);
}

function cut(source: string, name: string, array: HostArray, parts: number): HostArray[] {
  if (parts === 1) return [array];
  const [first = 0, ...rest] = array.shape;
  if (first % parts !== 0) {
    throw new GmlpError(
      'shape-mismatch',
      `${source}: ${name} must hold ${parts} equal parts, got shape [${array.shape.join(', ')}]`,
      {
        name,
        shape: array.shape,
      },
    );
  }
  const shape = [first / parts, ...rest];
  const size = sizeOf(shape);
  return Array.from({ length: parts }, (_, part) =>
    hostArray(array.dtype, shape, array.data.slice(part * size, (part + 1) * size) as never),
  );
}

function joined(arrays: readonly HostArray[]): HostArray {
  const [first] = arrays as [HostArray, ...HostArray[]];
  if (arrays.length === 1) return first;
  const size = first.data.length;
  const data = new (first.data.constructor as new (length: number) => HostArray['data'])(size * arrays.length);
  arrays.forEach((array, index) => void data.set(array.data, index * size));
  return hostArray(first.dtype, [first.shape[0]! * arrays.length, ...first.shape.slice(1)], data as never);
}

function equal(a: HostArray, b: HostArray): boolean {
  if (a === b || a.data === b.data) return true;
  return a.dtype === b.dtype && sameShape(a.shape, b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));
}
