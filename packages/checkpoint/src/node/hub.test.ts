import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchFromHub, hubCache, isHubId } from './hub.ts';

const commit = 'a'.repeat(40);
const files = new Map([
  ['config.json', Buffer.from('{"architecture":"gmlp_s16_224"}')],
  ['model.safetensors', Buffer.alloc(100_000, 7)],
  ['pytorch_model.bin', Buffer.from('pickled')],
  ['README.md', Buffer.from('# hello')],
]);

let cache: string;
let server: Server;
let hubUrl: string;
let asked: string[];
let cut: boolean;

/** What the Hub answers to the calls of its client: model info, the list of files, and their content with ranges. */
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gmlp-hub-'));
  asked = [];
  cut = false;
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!);
    asked.push(path);
    const json = (value: unknown) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
    if (path === '/api/models/owner/name/revision/main') json({ _id: '1', id: 'owner/name', sha: commit });
    else if (path === `/api/models/owner/name/tree/${commit}`)
      json([...files].map(([name, { length }]) => ({ type: 'file', path: name, size: length, oid: 'b'.repeat(40) })));
    else if (path.startsWith(`/owner/name/resolve/${commit}/`)) {
      const content = files.get(path.split('/').at(-1)!)!;
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      const first = Number(from ?? 0);
      const last = to ? Math.min(Number(to), content.length - 1) : content.length - 1;
      response.setHeader('ETag', '"etag"');
      if (from !== undefined) response.setHeader('Content-Range', `bytes ${first}-${last}/${content.length}`);
      response.statusCode = from === undefined ? 200 : 206;
      response.end(content.subarray(first, cut && last > first ? last - 10 : last + 1));
    } else {
      response.statusCode = 404;
      json({ error: 'Repository not found' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await stop();
  await rm(cache, { recursive: true });
});

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

it('fetches what a model directory has, once, and nothing that could be executed', async () => {
  const seen: string[] = [];
  const folder = await fetchFromHub('owner/name', { cache, hubUrl, onProgress: (file) => seen.push(file) });
  expect(folder).toBe(join(cache, 'models--owner--name', 'snapshots', commit));
  expect((await readdir(folder)).sort()).toEqual(['.gmlp-complete', 'config.json', 'model.safetensors']);
  expect(await readFile(join(folder, 'model.safetensors'))).toEqual(files.get('model.safetensors'));
  expect(new Set(seen)).toEqual(new Set(['config.json', 'model.safetensors']));

  asked = [];
  expect(await fetchFromHub('owner/name', { cache, hubUrl })).toBe(folder);
  expect(asked).toEqual(['/api/models/owner/name/revision/main']);
});

it('what was fetched loads without a network', async () => {
  const folder = await fetchFromHub('owner/name', { cache, hubUrl });
  await stop();
  expect(await fetchFromHub('owner/name', { cache, hubUrl })).toBe(folder);
  expect(await fetchFromHub('owner/name', { cache, hubUrl, revision: commit })).toBe(folder);
  await expect(fetchFromHub('owner/other', { cache, hubUrl })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/owner\/other at main: .*check the name and the network/),
  });
});

it('a file that arrives cut short is refused and leaves nothing that passes for whole', async () => {
  cut = true;
  await expect(fetchFromHub('owner/name', { cache, hubUrl })).rejects.toThrow();
  const folder = join(cache, 'models--owner--name', 'snapshots', commit);
  expect(await readdir(folder).catch(() => [])).toEqual([]);
  cut = false;
  expect(await fetchFromHub('owner/name', { cache, hubUrl })).toBe(folder);
});

it('stops when asked to', async () => {
  await expect(fetchFromHub('owner/name', { cache, hubUrl, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
});

it('names that are none of the Hub, or that would leave the cache, are refused', async () => {
  for (const id of ['name', 'a/b/c', '../x/y', 'a/..', '/etc/passwd', 'a\\b/c', 'a--b/c', '']) {
    expect(isHubId(id)).toBe(false);
    await expect(fetchFromHub(id, { cache, hubUrl })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  expect(isHubId('timm/gmlp_s16_224.ra3_in1k')).toBe(true);
  await expect(fetchFromHub('owner/name', { cache, hubUrl, revision: '../../x' })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
  expect(asked).toEqual([]);
});

it('shares the cache of the Hub’s other tools', () => {
  expect(hubCache({ HF_HUB_CACHE: '/a' })).toBe('/a');
  expect(hubCache({ HF_HOME: '/b' })).toBe(join('/b', 'hub'));
  expect(hubCache({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'huggingface', 'hub'));
});
