/**
 * model.safetensors.index.json, in the form of Hugging Face's tools: which file of a sharded model holds which tensor.
 *
 *   { "metadata": { "total_size": bytes }, "weight_map": { "blocks.0.norm.scale": "model-00001-of-00002.safetensors", ... } }
 */
import { GmlpError, type HostArray } from '@gmlp/base';
import { type JsonScanner, jsonScanner } from './json-scanner.ts';
import { isPlainName } from './plain-name.ts';
import { quoted } from './quoted.ts';

export const shardIndexName = 'model.safetensors.index.json';

/** Whether a name is that of a shard as they are written. */
export const isShardName = (name: string): boolean => /^model-\d{5,}-of-\d{5,}\.safetensors$/.test(name);

export type Tensors = ReadonlyMap<string, HostArray>;

/** Tensors by the name of their shard, in the order of their names: as many in each as `maximalBytes` allows, at least one. */
export function shardTensors(tensors: Tensors, maximalBytes: number): ReadonlyMap<string, Tensors> {
  const shards: Map<string, HostArray>[] = [];
  let bytes = 0;
  for (const [name, array] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    bytes += array.data.byteLength;
    if (shards.length === 0 || bytes > maximalBytes) {
      shards.push(new Map());
      bytes = array.data.byteLength;
    }
    shards.at(-1)!.set(name, array);
  }
  const five = (count: number): string => String(count).padStart(5, '0');
  return new Map(shards.map((shard, i) => [`model-${five(i + 1)}-of-${five(shards.length)}.safetensors`, shard]));
}

export function formatShardIndex(shards: ReadonlyMap<string, Tensors>): string {
  const places = [...shards].flatMap(([file, tensors]) => [...tensors.keys()].map((name) => [name, file] as const));
  const arrays = [...shards.values()].flatMap((tensors) => [...tensors.values()]);
  const total = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
  return `${JSON.stringify({ metadata: { total_size: total }, weight_map: Object.fromEntries(places) }, null, 2)}\n`;
}

/**
 * The names of the tensors in each file that an index names. Its total size is not checked: published ones give that of the
 * files from which they were converted.
 */
export function parseShardIndex(where: string, path: string, bytes: Uint8Array): ReadonlyMap<string, ReadonlySet<string>> {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `${where}: ${path} ${problem}`, { path });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  const json = jsonScanner(text, fail);
  const none = 'has no "weight_map" that says which file holds which tensor';
  if (json.next() !== 'object') throw fail(none);
  let map: ReadonlyMap<string, string> | undefined;
  json.object((field) => {
    if (field !== 'weight_map') return json.skip();
    if (map !== undefined) throw fail('has two "weight_map"s');
    if (json.next() !== 'object') throw fail(none);
    map = placesIn(json, fail);
  });
  json.end();
  if (map === undefined) throw fail(none);
  const shards = new Map<string, Set<string>>();
  for (const [name, file] of map) {
    const names = shards.get(file) ?? new Set();
    shards.set(file, names.add(name));
  }
  return shards;
}

/** The file of each tensor. */
function placesIn(json: JsonScanner, fail: (problem: string) => GmlpError): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  json.object((name) => {
    if (places.has(name)) throw fail(`names tensor ${quoted(name)} twice`);
    const kind = json.next();
    const file = kind === 'string' ? json.string() : undefined;
    if (file === undefined || !isPlainName(file)) {
      throw fail(
        `puts tensor ${quoted(name)} into ${file === undefined ? `a ${kind}` : quoted(file)}, which is not the name of a file beside it`,
      );
    }
    if (!file.endsWith('.safetensors'))
      throw fail(`puts tensor ${quoted(name)} into ${quoted(file)}, which is not a safetensors file`);
    places.set(name, file);
  });
  return places;
}
