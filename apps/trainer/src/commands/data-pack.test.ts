import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { trainTokenizer } from '@gmlp/text';
import type { CorpusIndex } from '@gmlp/text/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { corpusSources } from '../data/corpus-sources.ts';
import { runCommand } from '../run-command.ts';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
const texts = Array.from({ length: 40 }, (_, i) => `The ${['cat', 'dog', 'bird'][i % 3]} sat on mat number ${i}. `.repeat(4));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-data-pack-'));
  await mkdir(at('shards'));
  await mkdir(at('texts', 'deep'), { recursive: true });
  const lines = texts.map((text) => `${JSON.stringify({ text })}\n`);
  await writeFile(at('shards', 'c4-train.00000-of-00002.json.gz'), gzipSync(lines.slice(0, 25).join('')));
  await writeFile(at('shards', 'c4-train.00001-of-00002.json.gz'), gzipSync([...lines.slice(20), 'no JSON\n'].join('')));
  await writeFile(at('texts', 'a.txt'), texts[0]!);
  await writeFile(at('texts', 'deep', 'b.md'), texts[1]!);
  const json = await trainTokenizer(
    texts.map((text) => ({ text })),
    { vocabularySize: 310 },
  );
  await writeFile(at('tokenizer.json'), JSON.stringify(json));
});
afterAll(() => rm(folder, { recursive: true }));

const pack = (...args: readonly string[]) =>
  runCommand(['data', 'pack', ...args, '--tokenizer', at('tokenizer.json'), '--tokens', '16', '--workers', '1']);

it('packs what an array of jobs shares, and says what came out in words, in JSON and as a page', async () => {
  const out = at('corpus');
  const stopped = await pack(at('shards'), '--out', out);
  expect(stopped.code).toBe(1);
  expect(stopped.err).toMatch(/00001-of-00002\.json\.gz, record 20: broken JSON .*leave such records out with --on-bad skip/);
  const first = await runCommand(
    ['data', 'pack', at('shards'), '--out', out, '--tokenizer', at('tokenizer.json'), '--tokens', '16', '--on-bad', 'skip'],
    { env: { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_COUNT: '2' } },
  );
  expect({ code: first.code, err: first.err }).toEqual({
    code: 0,
    err: expect.stringMatching(
      /number 1 of 2 \(SLURM_ARRAY_TASK_ID\)[\s\S]*records left out: 1 \(1 broken JSON\), listed in .*left-out-1\.jsonl/,
    ),
  });
  const { code, out: json } = await pack(at('shards'), '--out', out, '--on-bad', 'skip', '--json');
  expect(code).toBe(0);
  const { shards, sources } = JSON.parse(json) as CorpusIndex & { readonly sources: number };
  expect([sources, shards.length]).toEqual([2, 2]);
  expect(shards.map(({ repeated }) => repeated)).toEqual([0, 5]);
  const page = await readFile(join(out, 'corpus.html'), 'utf8');
  expect(page).toContain('2 of 2 shards are packed');
  expect(page).toContain('<b>40</b><span>documents</span>');
  expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
});

it('knows shards, texts, parquet, addresses and the Hub by their names', async () => {
  const sources = (...given: readonly string[]) => corpusSources(given, 'content', { HF_ENDPOINT: 'http://mirror' });
  expect(await sources(at('texts'))).toEqual([
    { kind: 'text', name: at('texts', 'a.txt'), root: at('texts'), files: ['a.txt', join('deep', 'b.md')] },
  ]);
  expect((await sources(at('shards'))).map((source) => source.kind)).toEqual(['json-lines', 'json-lines']);
  expect(await sources('http://host/{train,test}.parquet?key=1')).toEqual(
    ['train', 'test'].map((name) => ({ kind: 'parquet', file: `http://host/${name}.parquet?key=1`, column: 'content' })),
  );
  const c4 = await sources('hub:allenai/c4/realnewslike');
  expect(c4.length).toBe(512);
  expect(c4[511]).toEqual({
    kind: 'json-lines',
    file: 'http://mirror/datasets/allenai/c4/resolve/main/realnewslike/c4-train.00511-of-00512.json.gz',
  });
  await expect(sources('hub:allenai/c5')).rejects.toThrow(/known are hub:allenai\/c4\/en,/);
  await expect(sources(at('nowhere'))).rejects.toMatchObject({ code: 'not-found' });
});

it('a tokenizer, a share and a part that make no sense are refused before anything is packed', async () => {
  const none = await runCommand(['data', 'pack', at('texts'), '--out', at('none')]);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('--tokenizer')]);
  const share = await pack(at('texts'), '--out', at('none'), '--rank', '1');
  expect([share.code, share.err]).toEqual([1, expect.stringContaining('--world is missing')]);
  const part = await pack(at('texts'), '--out', at('none'), '--held-out', '2');
  expect([part.code, part.err]).toEqual([1, expect.stringMatching(/heldOut .*from 0 .* below 1, got 2/)]);
});
