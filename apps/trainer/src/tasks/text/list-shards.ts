/** Which files of a folder are shards: those that hold records with a text, whatever else ends in `.json`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type BadRecord, type CorpusIndex, indexName, readC4, readIndex } from '@gmlp/text/node';

export interface ShardListing {
  /** Paths, in the order of their names. */
  readonly shards: readonly string[];
  /** Names that look like a shard's on files that are none. */
  readonly strays: readonly string[];
}

const shardName = /\.jsonl?(\.gz)?$/i;

export function pathFailure(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new GmlpError('not-found', `the text ${path} does not exist`, { path }, { cause });
    throw new GmlpError('io', `the text ${path}: ${cause.message}`, { path }, { cause });
  };
}

/** Of a folder, or of a file that is taken for one. */
export async function listShards(path: string): Promise<ShardListing> {
  const failed = pathFailure(path);
  if (!(await stat(path).catch(failed)).isDirectory()) return { shards: [path], strays: [] };
  const [shards, strays]: [string[], string[]] = [[], []];
  for (const name of (await readdir(path).catch(failed)).filter((each) => shardName.test(each)).sort()) {
    if (await isShard(join(path, name))) shards.push(join(path, name));
    else strays.push(name);
  }
  return { shards, strays };
}

/** Of a folder that `gmlp data pack` filled. A file of that name may also lie among somebody's texts: a corpus has its shards beside it. */
export async function corpusAt(path: string): Promise<CorpusIndex | undefined> {
  if (!(await stat(path).catch(pathFailure(path))).isDirectory()) return undefined;
  const shards = await stat(join(path, 'shards')).catch(() => undefined);
  return shards?.isDirectory() ? readIndex(join(path, indexName)) : undefined;
}

/** Where a path leads: to shards, or to plain text. A packed corpus holds tokens, and is refused. */
export async function sourceAt(path: string): Promise<'c4' | 'text'> {
  if (!(await stat(path).catch(pathFailure(path))).isDirectory()) return shardName.test(path) ? 'c4' : 'text';
  if ((await corpusAt(path)) !== undefined)
    throw new GmlpError('invalid-argument', `${path} is a packed corpus, expected a text: give what it was packed from`, {
      path,
    });
  return (await listShards(path)).shards.length > 0 ? 'c4' : 'text';
}

const looked = 20;

/**
 * A file whose first records are JSON without a text is none. One that is damaged may be a shard and is taken for one, so that
 * the damage is told; but not a plain `.json`, which is seldom a shard and often written in many lines.
 */
async function isShard(path: string): Promise<boolean> {
  const bad: BadRecord[] = [];
  const enough = new GmlpError('invalid-data', `${path} is no shard`, { path }); // no other kind comes through a reader as it is
  try {
    for await (const _ of readC4(path, {
      onBadRecord: (record) => {
        if (bad.push(record) === looked) throw enough;
      },
    })) {
      return true;
    }
  } catch (error) {
    if (error !== enough) throw error;
  }
  return !/\.json$/i.test(path) && bad.some(({ reason }) => reason !== 'no text');
}
