import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MockHub, startMockHub } from '../../../../tooling/mock-hub.ts';
import { fetchFromHub, hubCache, isHubId } from './hub.ts';

const commit = 'a'.repeat(40);
const files = new Map([
  ['config.json', Buffer.from('{"architecture":"gmlp_s16_224"}')],
  ['model.safetensors', Buffer.alloc(100_000, 7)],
  ['pytorch_model.bin', Buffer.from('pickled')],
  ['README.md', Buffer.from('# hello')],
]);

let cache: string;
let hub: MockHub;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gmlp-hub-'));
  hub = await startMockHub({ id: 'owner/name', commit, files });
});
afterEach(async () => {
  await hub.stop();
  await rm(cache, { recursive: true });
});

it('fetches what a model directory has, once, and nothing that could be executed', async () => {
  const seen: string[] = [];
  const folder = await fetchFromHub('owner/name', { cache, hubUrl: hub.url, onProgress: (file) => seen.push(file) });
  expect(folder).toBe(join(cache, 'models--owner--name', 'snapshots', commit));
  expect((await readdir(folder)).sort()).toEqual(['.gmlp-complete', 'config.json', 'model.safetensors']);
  expect(await readFile(join(folder, 'model.safetensors'))).toEqual(files.get('model.safetensors'));
  expect(new Set(seen)).toEqual(new Set(['config.json', 'model.safetensors']));

  hub.asked.length = 0;
  expect(await fetchFromHub('owner/name', { cache, hubUrl: hub.url })).toBe(folder);
  expect(hub.asked).toEqual(['/api/models/owner/name/revision/main']);
});

it('what was fetched loads without a network', async () => {
  const folder = await fetchFromHub('owner/name', { cache, hubUrl: hub.url });
  await hub.stop();
  expect(await fetchFromHub('owner/name', { cache, hubUrl: hub.url })).toBe(folder);
  expect(await fetchFromHub('owner/name', { cache, hubUrl: hub.url, revision: commit })).toBe(folder);
  await expect(fetchFromHub('owner/other', { cache, hubUrl: hub.url })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/owner\/other at main: .*check the name and the network/),
  });
});

it('a file that arrives cut short is refused and leaves nothing that passes for whole', async () => {
  hub.cut = true;
  await expect(fetchFromHub('owner/name', { cache, hubUrl: hub.url })).rejects.toThrow();
  const folder = join(cache, 'models--owner--name', 'snapshots', commit);
  expect(await readdir(folder).catch(() => [])).toEqual([]);
  hub.cut = false;
  expect(await fetchFromHub('owner/name', { cache, hubUrl: hub.url })).toBe(folder);
});

it('a file of another content than the Hub lists is refused, also one that lies there from before', async () => {
  hub.damaged = true;
  await expect(fetchFromHub('owner/name', { cache, hubUrl: hub.url })).rejects.toMatchObject({
    code: 'invalid-data',
    message: expect.stringMatching(/config\.json has not the SHA-1 that the Hub lists/),
  });
  hub.damaged = false;
  const folder = await fetchFromHub('owner/name', { cache, hubUrl: hub.url });
  await rm(join(folder, '.gmlp-complete'));
  await writeFile(join(folder, 'model.safetensors'), Buffer.alloc(100_000, 8)); // as long as it should be
  hub.damaged = true;
  await expect(fetchFromHub('owner/name', { cache, hubUrl: hub.url })).rejects.toThrow(/model\.safetensors has not the SHA-256/);
  hub.damaged = false;
  await fetchFromHub('owner/name', { cache, hubUrl: hub.url });
  expect(await readFile(join(folder, 'model.safetensors'))).toEqual(files.get('model.safetensors'));
});

it.each(['main', commit, 'model.safetensors'])('stops when asked to while the Hub says nothing of %s', async (silent) => {
  hub.silent = silent;
  const abort = new AbortController();
  const fetching = fetchFromHub('owner/name', { cache, hubUrl: hub.url, signal: abort.signal });
  while (!hub.asked.some((path) => path.endsWith(silent))) await new Promise(setImmediate);
  abort.abort();
  await expect(fetching).rejects.toMatchObject({ code: 'aborted' });
});

it('stops when asked to', async () => {
  await expect(fetchFromHub('owner/name', { cache, hubUrl: hub.url, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
});

it('names that are none of the Hub, or that would leave the cache, are refused', async () => {
  for (const id of ['name', 'a/b/c', '../x/y', 'a/..', '/etc/passwd', 'a\\b/c', 'a--b/c', '']) {
    expect(isHubId(id)).toBe(false);
    await expect(fetchFromHub(id, { cache, hubUrl: hub.url })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  expect(isHubId('timm/gmlp_s16_224.ra3_in1k')).toBe(true);
  await expect(fetchFromHub('owner/name', { cache, hubUrl: hub.url, revision: '../../x' })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
  expect(hub.asked).toEqual([]);
});

it('shares the cache of the Hub’s other tools', () => {
  expect(hubCache({ HF_HUB_CACHE: '/a' })).toBe('/a');
  expect(hubCache({ HF_HOME: '/b' })).toBe(join('/b', 'hub'));
  expect(hubCache({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'huggingface', 'hub'));
});
