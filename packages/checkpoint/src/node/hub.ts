/**
 * Files of a model on the Hugging Face Hub, in the cache folder that its other tools share:
 * `<cache>/models--<owner>--<name>/snapshots/<commit>/<file>`. What is there is not fetched again, so a model that was
 * loaded once loads without a network. Only the files that a model directory has are fetched: nothing that could be executed.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { GmlpError } from '@gmlp/base';
import { makeFolder } from './make-folder.ts';
import { sweepTemporaries } from './sweep-temporaries.ts';
import { temporaryName } from './temporary-name.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface FetchFromHubOptions {
  /** A branch, a tag or a commit. */
  readonly revision?: string;
  /** `HF_HUB_CACHE`, else the `hub` folder of `HF_HOME`, else `~/.cache/huggingface/hub`. */
  readonly cache?: string;
  readonly hubUrl?: string;
  /** For private models; `HF_TOKEN` by default. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal;
  /** Called as bytes of a file arrive. */
  readonly onProgress?: (file: string, bytes: number, total: number) => void;
}

const wanted =
  /^(config\.json|tokenizer\.json|tokenizer_config\.json|vocab\.txt|preprocessing\.json|labels\.json|model(-\d{5}-of-\d{5})?\.safetensors|model\.safetensors\.index\.json)$/;
const commitHash = /^[0-9a-f]{40}$/;

/** Whether a text can be the name of a model on the Hub: `owner/name`. */
export function isHubId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(text) && !text.includes('..') && !text.includes('--');
}

export function hubCache(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const home = env['HF_HOME'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'huggingface');
  return env['HF_HUB_CACHE'] ?? join(home, 'hub');
}

/** Resolves to the folder that holds the model's files. */
export async function fetchFromHub(id: string, options: FetchFromHubOptions = {}): Promise<string> {
  if (!isHubId(id)) {
    throw new GmlpError(
      'invalid-argument',
      `fetchFromHub: expected the name of a model as owner/name, got ${JSON.stringify(id)}`,
    );
  }
  const { revision = 'main', cache = hubCache() } = options;
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(revision) || revision.includes('..'))
    throw new GmlpError(
      'invalid-argument',
      `fetchFromHub: expected a branch, a tag or a commit, got ${JSON.stringify(revision)}`,
    );
  const folder = join(cache, `models--${id.replace('/', '--')}`);
  const known = commitHash.test(revision) ? revision : await recordedCommit(folder, revision);
  const complete = (commit: string): string => join(folder, 'snapshots', commit, '.gmlp-complete');

  try {
    const commit = commitHash.test(revision) ? revision : await currentCommit(id, revision, options);
    const snapshot = join(folder, 'snapshots', commit);
    if (!existsSync(complete(commit))) {
      await fetchFiles(id, commit, snapshot, options);
      await writeFileAtomically(complete(commit), '');
    }
    if (commit !== revision) {
      await makeFolder(dirname(join(folder, 'refs', revision)));
      await writeFileAtomically(join(folder, 'refs', revision), commit);
    }
    return snapshot;
  } catch (cause) {
    if (options.signal?.aborted) throw new GmlpError('aborted', `fetchFromHub: ${id}: stopped`, { id }, { cause });
    // Without a network, or with the Hub down, what was fetched before will do.
    if (known !== undefined && existsSync(complete(known))) return join(folder, 'snapshots', known);
    if (GmlpError.isInstance(cause)) throw cause;
    throw new GmlpError(
      'io',
      `fetchFromHub: ${id} at ${revision}: ${message(cause)}; check the name and the network, or give the folder of a model`,
      { id, revision },
      { cause },
    );
  }
}

async function recordedCommit(folder: string, revision: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'refs', revision), 'utf8').catch(() => '');
  return commitHash.test(text.trim()) ? text.trim() : undefined;
}

async function currentCommit(id: string, revision: string, options: FetchFromHubOptions): Promise<string> {
  const { modelInfo } = await hub();
  const { sha } = await modelInfo({ name: id, revision, additionalFields: ['sha'], ...access(options) });
  if (!commitHash.test(sha)) throw new GmlpError('invalid-data', `fetchFromHub: ${id}: the Hub gave no commit for ${revision}`);
  return sha;
}

async function fetchFiles(id: string, commit: string, snapshot: string, options: FetchFromHubOptions): Promise<void> {
  const { listFiles, downloadFile } = await hub();
  const found: string[] = [];
  await sweepTemporaries(snapshot);
  for await (const { path, type, size, oid, lfs } of listFiles({ repo: id, revision: commit, ...access(options) })) {
    if (type !== 'file' || !wanted.test(path)) continue;
    found.push(path);
    const total = lfs?.size ?? size;
    const target = join(snapshot, path);
    const listed = lfs ? { algorithm: 'SHA-256', digest: lfs.oid } : { algorithm: 'SHA-1', digest: oid };
    if (await isThere(target, total, listed)) continue;
    await makeFolder(snapshot);
    const blob = await downloadFile({ repo: id, path, revision: commit, ...access(options) });
    if (blob === null) throw new GmlpError('not-found', `fetchFromHub: ${id}: ${path} is listed but cannot be fetched`);
    await save(blob, target, total, listed, options, path);
  }
  if (!found.some((path) => path.startsWith('model'))) {
    throw new GmlpError(
      'not-found',
      `fetchFromHub: ${id} at ${commit} has no model.safetensors, and other weights are not read; in Python transformers' save_pretrained writes one of the model that it loads: give its folder`,
      {
        id,
        commit,
      },
    );
  }
}

/** What the Hub's listing says of a file: the SHA-256 of a large one, of another what git calls it by, a SHA-1 of its length and content. */
interface ListedHash {
  readonly algorithm: string;
  /** Absent where a mirror lists none. */
  readonly digest: string | undefined;
}

const hashFor = ({ algorithm }: ListedHash, bytes: number): Hash =>
  algorithm === 'SHA-256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);

/** Whether a file was fetched before, whole. */
async function isThere(path: string, bytes: number, listed: ListedHash): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.size !== bytes) return false;
  const hash = hashFor(listed, bytes);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return listed.digest === undefined || hash.digest('hex') === listed.digest;
}

async function save(
  blob: Blob,
  target: string,
  total: number,
  listed: ListedHash,
  { signal, onProgress }: FetchFromHubOptions,
  path: string,
): Promise<void> {
  const incomplete = join(dirname(target), temporaryName(basename(target)));
  const hash = hashFor(listed, total);
  let bytes = 0;
  try {
    await pipeline(
      Readable.fromWeb(blob.stream() as ReadableStream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          hash.update(chunk);
          onProgress?.(path, bytes, total);
          yield chunk;
        }
      },
      createWriteStream(incomplete, { flags: 'wx', flush: true }),
      { signal },
    );
    if (bytes !== total)
      throw new GmlpError('invalid-data', `fetchFromHub: ${path} has ${total} bytes on the Hub, ${bytes} arrived; try again`);
    if (listed.digest !== undefined && hash.digest('hex') !== listed.digest) {
      const problem = `has not the ${listed.algorithm} that the Hub lists: it was damaged on the way, or is another; try again`;
      throw new GmlpError('invalid-data', `fetchFromHub: ${path} ${problem}`, { path });
    }
    await rename(incomplete, target);
  } finally {
    await rm(incomplete, { force: true });
  }
}

function access({ hubUrl, token = process.env['HF_TOKEN'], signal }: FetchFromHubOptions) {
  return {
    // Heeded also while the Hub says nothing.
    ...(signal && { fetch: ((input, init) => fetch(input, { ...init, signal })) satisfies typeof fetch }),
    ...(hubUrl && { hubUrl }),
    ...(token && { accessToken: token }),
  };
}

async function hub(): Promise<typeof import('@huggingface/hub')> {
  try {
    return await import('@huggingface/hub');
  } catch (cause) {
    throw new GmlpError(
      'not-found',
      'fetchFromHub: the package @huggingface/hub is not installed; try: npm install @huggingface/hub',
      {},
      { cause },
    );
  }
}

const message = (cause: unknown): string => {
  const error = cause as Error;
  const deeper = (error.cause as Error | undefined)?.message;
  return deeper ? `${error.message} (${deeper})` : error.message;
};
