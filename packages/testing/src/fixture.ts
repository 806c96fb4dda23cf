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

function folder(): string {
  // `src` and `dist` lie equally deep.
  return process.env['GMLP_FIXTURES']
    ? resolve(process.env['GMLP_FIXTURES'])
    : fileURLToPath(new URL('../fixtures', import.meta.url));
}

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

export function fixture(name: string): Fixture {
  const index = JSON.parse(new TextDecoder().decode(read(resolve(folder(), 'index.json'), name))) as Record<string, unknown>;
  const entry = (Object.hasOwn(index, name) ? index[name] : undefined) as Pick<Fixture, 'source' | 'config'> | undefined;
  if (entry === undefined)
    throw new GmlpError('not-found', `fixture: index.json in ${folder()} does not list "${name}"`, { name });
  const path = resolve(folder(), `${name}.safetensors`);
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
