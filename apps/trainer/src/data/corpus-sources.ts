/** What was named on the command line -> the shards of a corpus. Nothing of what they say is read, except to tell shards from other files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { isAddress, shownName } from '@gmlp/base/node';
import { type CorpusSource, listTextFiles } from '@gmlp/text/node';
import { expandBraces } from '@gmlp/vision';
import { listShards, pathFailure } from '../tasks/text/list-shards.ts';

/** `allenai/c4` on the Hub: how many shards of training text each variant has. */
const c4Shards = { en: 1024, realnewslike: 512, 'en.noblocklist': 1024, 'en.noclean': 7168 } as const;

/** Files of a folder of texts in one shard: small enough that several threads have something to do, and a shard is soon made anew. */
const mostBytes = 2 ** 24;
const mostFiles = 10_000;

/** `hub:allenai/c4/en`, an address or a path with `{00000..01023}`, a file, a folder of shards, of parquet or of text. */
export async function corpusSources(
  given: readonly string[],
  column: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly CorpusSource[]> {
  const all: CorpusSource[] = [];
  for (const each of given.flatMap((name) => onHub(name, env))) {
    const names = isAddress(each) || !(await isThere(each)) ? expandBraces(each) : [each];
    for (const name of names) all.push(...(await sourcesAt(name, column)));
  }
  return all;
}

function onHub(name: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const [, path] = /^hub:(.*)$/.exec(name) ?? [];
  if (path === undefined) return [name];
  const variant = /^allenai\/c4\/([a-z.]+)$/.exec(path)?.[1];
  if (variant === undefined || !(variant in c4Shards)) {
    const known = Object.keys(c4Shards).map((each) => `hub:allenai/c4/${each}`);
    throw new GmlpError(
      'not-found',
      `corpusSources: ${name} is not known; known are ${known.join(', ')}. Other shards are named by their addresses`,
    );
  }
  const count = c4Shards[variant as keyof typeof c4Shards];
  const host = env['HF_ENDPOINT'] || 'https://huggingface.co';
  const number = (at: number): string => String(at).padStart(5, '0');
  return [
    `${host}/datasets/allenai/c4/resolve/main/${variant}/c4-train.{00000..${number(count - 1)}}-of-${number(count)}.json.gz`,
  ];
}

async function sourcesAt(name: string, column: string | undefined): Promise<readonly CorpusSource[]> {
  if (isAddress(name)) return [fileSource(name, column)];
  const found = await stat(name).catch(pathFailure(name));
  if (!found.isDirectory()) return [fileSource(name, column)];
  const tables = (await readdir(name).catch(pathFailure(name))).filter((each) => /\.parquet$/i.test(each)).sort();
  if (tables.length > 0) return tables.map((each) => fileSource(join(name, each), column));
  const { shards } = await listShards(name);
  return shards.length > 0 ? shards.map((file) => ({ kind: 'json-lines', file })) : textSources(name);
}

function fileSource(name: string, column: string | undefined): CorpusSource {
  const ending = shownName(name);
  if (/\.parquet$/i.test(ending)) return { kind: 'parquet', file: name, ...(column !== undefined && { column }) };
  if (/\.jsonl?(\.gz)?$/i.test(ending) || isAddress(name)) return { kind: 'json-lines', file: name };
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
  return { kind: 'text', name, root: at < 0 ? '.' : name.slice(0, at + 1), files: [name.slice(at + 1)] };
}

/** Neighbours in the order of their paths make a shard. */
async function textSources(folder: string): Promise<readonly CorpusSource[]> {
  const { root, files, broken } = await listTextFiles(folder);
  const [first] = broken;
  if (first !== undefined) throw new GmlpError('invalid-data', `corpusSources: ${join(root, first.file)}: ${first.problem}`);
  const groups: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const { size } = await stat(join(root, file)).catch(pathFailure(join(root, file)));
    if (bytes + size > mostBytes || groups.at(-1)!.length === mostFiles) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(file);
    bytes += size;
  }
  return groups.map((each) => ({ kind: 'text', name: join(root, each[0]!), root, files: each }));
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
