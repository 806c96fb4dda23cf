/**
 * Golden values from independent implementations. A set is NAME.safetensors plus its entry in index.json, in the folder that
 * GMLP_FIXTURES names or else in this package's `fixtures`. Keys: weights `param.*`, inputs `in.*`, outputs `out.*`, gradients of
 * `out.loss` as `grad.*`. A missing or short set throws: a test on golden values never passes by having none.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GmlpError, type HostArray } from '@gmlp/base';
import { decodeSafetensors } from '@gmlp/checkpoint';

export interface Fixture {
  readonly name: string;
  /** What computed it, with its version. */
  readonly source: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The array of a key; throws when the set lacks it. */
  get(key: string): HostArray;
  /** All arrays whose key starts with `prefix`, without it; throws when there is none. */
  all(prefix: string): Map<string, HostArray>;
}

// `src` and `dist` lie equally deep.
const own = fileURLToPath(new URL('../fixtures', import.meta.url));

type Entry = Pick<Fixture, 'source' | 'config'> & { readonly script?: string };

function read(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new GmlpError(
      'not-found',
      `fixture: "${name}" needs ${path}, which cannot be read; GMLP_FIXTURES must name a whole set`,
      { name, path },
      { cause },
    );
  }
}

function listed(folder: string, name: string): Entry | undefined {
  const index = JSON.parse(new TextDecoder().decode(read(resolve(folder, 'index.json'), name))) as Record<string, Entry>;
  return Object.hasOwn(index, name) ? index[name] : undefined;
}

/** The folder that holds a set. One that a script of this repository made is taken from here when the folder does not list it. */
function locate(name: string): { readonly folder: string; readonly entry: Entry } {
  const folder = resolve(process.env['GMLP_FIXTURES'] || own);
  const entry = listed(folder, name);
  if (entry) return { folder, entry };
  const made = listed(own, name);
  if (made?.script) return { folder: own, entry: made };
  throw new GmlpError('not-found', `fixture: index.json in ${folder} does not list "${name}"`, { name, folder });
}

export function fixture(name: string): Fixture {
  const { folder, entry } = locate(name);
  const path = resolve(folder, `${name}.safetensors`);
  const { tensors } = decodeSafetensors(read(path, name), path);
  return {
    name,
    source: entry.source,
    config: entry.config,
    get(key) {
      const array = tensors.get(key);
      if (array === undefined)
        throw new GmlpError('not-found', `fixture: ${path} lacks "${key}"; the set is short`, { name, key });
      return array;
    },
    all(prefix) {
      const found = [...tensors]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, array]) => [key.slice(prefix.length), array] as const);
      if (found.length === 0)
        throw new GmlpError('not-found', `fixture: ${path} has no "${prefix}*"; the set is short`, { name, prefix });
      return new Map(found);
    },
  };
}

/** Throws unless every named set is there and readable. */
export function requireFixtures(names: readonly string[]): void {
  for (const name of names) fixture(name);
}
