/**
 * Random keys. A key is a value: splitting it by a name or a number gives an independent key, drawing from it twice gives
 * the same bits twice, on every device and in every process. Nothing here has state.
 *
 * While a function is traced its key argument has no value yet: it is `traced`, and a split only records the path. The
 * compiler replays the path on the real key at each call (`resolveKey`).
 */
import { GmlpError } from './errors.ts';
import { leafMarker } from './tree.ts';

/** A random key, or its stand-in in a trace. */
export interface Key {
  readonly [leafMarker]: 'key';
  /** Two 32-bit words, or for a traced key the index of the key among the traced function's keys and the splits since. */
  readonly state:
    | { readonly kind: 'concrete'; readonly words: readonly [number, number] }
    | { readonly kind: 'traced'; readonly input: number; readonly path: readonly (string | number)[] };
}

const concrete = (high: number, low: number): Key => ({
  [leafMarker]: 'key',
  state: { kind: 'concrete', words: [high >>> 0, low >>> 0] },
});

/** The finaliser of MurmurHash3: every input bit flips every output bit with probability one half. */
export function mix(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** A key from a seed: any safe integer. */
export function key(seed: number): Key {
  if (!Number.isSafeInteger(seed)) {
    throw new GmlpError('invalid-argument', `key: expected a whole number as seed, at most 2^53 - 1, got ${String(seed)}`, {
      seed,
    });
  }
  const high = Math.floor(seed / 2 ** 32);
  return concrete(mix(high ^ 0x9e3779b9), mix(mix(seed >>> 0) ^ mix(high + 0x7f4a7c15)));
}

/** A stand-in for the key argument number `input` of a function that is being traced. */
export function tracedKey(input: number): Key {
  return { [leafMarker]: 'key', state: { kind: 'traced', input, path: [] } };
}

/** Whether a value is a key. */
export function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && (value as Partial<Key>)[leafMarker] === 'key';
}

const [beforeNumber, beforeName] = ['#'.charCodeAt(0), '$'.charCodeAt(0)];

/**
 * Takes in a mark, then the part: '1' and 1 give different keys. A mark that stands inside a name is taken in as a code that no
 * other character has, so that no name is the same as a path of several parts: 'a$b' is not 'a', then 'b'.
 */
function splitWords([high, low]: readonly [number, number], part: string | number): readonly [number, number] {
  const text = String(part);
  for (let i = -1; i < text.length; i++) {
    let code = typeof part === 'number' ? beforeNumber : beforeName;
    if (i >= 0) {
      code = text.charCodeAt(i);
      if (code === beforeNumber || code === beforeName) code += 0x10000;
    }
    high = mix(Math.imul(high, 0x01000193) ^ code ^ low);
    low = mix(Math.imul(low, 0x27d4eb2f) + code + high);
  }
  return [high, low];
}

/** The key for a part of a computation: `split(key, 'dropout')`, `split(key, layer)`. */
export function split(parent: Key, part: string | number): Key {
  const { state } = parent;
  if (state.kind === 'traced') return { [leafMarker]: 'key', state: { ...state, path: [...state.path, part] } };
  return concrete(...splitWords(state.words, part));
}

/** The key that `traced` stands for, given the real keys in the order of the traced function's key arguments. */
export function resolveKey(traced: Key, keys: readonly Key[]): Key {
  if (traced.state.kind === 'concrete') return traced;
  return traced.state.path.reduce(split, keys[traced.state.input]!);
}

/** `count` random 32-bit words of a key: word i is a hash of (key, i), so any part can be drawn alone. */
export function randomWords(source: Key, count: number): Uint32Array {
  if (source.state.kind !== 'concrete') throw new Error('randomWords: a traced key has no value; resolve it first');
  const [high, low] = source.state.words;
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = mix(mix(Math.imul(i, 0x9e3779b1) ^ low) + high);
  return words;
}

/** `count` numbers in [0, 1) of a key, 32 bits each. */
export function randomUniform(source: Key, count: number): Float64Array {
  const words = randomWords(source, count);
  const values = new Float64Array(count); // a loop: Float64Array.from with a function is ten times slower
  for (let i = 0; i < count; i++) values[i] = words[i]! / 2 ** 32;
  return values;
}

/** `count` standard normal numbers of a key (Box-Muller), as float32. */
export function randomNormal(source: Key, count: number): Float32Array {
  const pairs = (count + 1) >> 1;
  const words = randomWords(source, pairs * 2);
  const values = new Float32Array(count);
  for (let i = 0; i < pairs; i++) {
    const radius = Math.sqrt(-2 * Math.log((words[2 * i]! + 1) / 2 ** 32));
    const angle = (2 * Math.PI * words[2 * i + 1]!) / 2 ** 32;
    values[2 * i] = radius * Math.cos(angle);
    if (2 * i + 1 < count) values[2 * i + 1] = radius * Math.sin(angle);
  }
  return values;
}
