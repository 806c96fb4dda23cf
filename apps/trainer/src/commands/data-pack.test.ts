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

/** A SentencePiece `.model` of small letters and the space, written by hand: field 1 has the pieces, each with text, score and type. */
function smallSentencePiece(special: readonly string[]): Buffer {
  const piece = (text: string, score: number, type: number): Buffer => {
    const name = Buffer.from(text);
    const number = Buffer.alloc(4);
    number.writeFloatLE(score);
    const message = Buffer.concat([Buffer.of(0x0a, name.length), name, Buffer.of(0x15), number, Buffer.of(0x18, type)]);
    return Buffer.concat([Buffer.of(0x0a, message.length), message]);
  };
  return Buffer.concat([
    piece('<unk>', 0, 2),
    ...special.map((name) => piece(name, 0, 3)),
    ...[...'▁abcdefghijklmnopqrstuvwxyz'].map((letter) => piece(letter, -3, 1)),
  ]);
}

it('packs with a SentencePiece model, which the corpus keeps; one without the tokens of BERT is refused at once', async () => {
  const out = at('pieces');
  const withModel = (name: string) =>
    runCommand([
      'data',
      'pack',
      at('texts'),
      '--tokenizer',
      at(name),
      '--tokens',
      '16',
      '--out',
      out,
      '--workers',
      '1',
      '--json',
    ]);
  await writeFile(at('bare.model'), smallSentencePiece(['<s>', '</s>']));
  const refused = await withModel('bare.model');
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/no special token \[CLS\]; it has <unk> <s> <\/s>/)]);
  await writeFile(at('own.model'), smallSentencePiece(['[PAD]', '[CLS]', '[SEP]', '[MASK]']));
  const packed = await withModel('own.model');
  expect({ code: packed.code, err: packed.err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(packed.out)).toMatchObject({ settings: { vocabularySize: 5 + 27 } });
  await writeFile(at('line.txt'), 'the cat\n');
  const [kept, model] = await Promise.all(
    [join(out, 'tokenizer.json'), at('own.model')].map((path) => runCommand(['tokenize', path, at('line.txt')])),
  );
  expect(kept!.out).toBe('▁:5  t:25  h:13  e:10  ▁:5  c:8  a:6  t:25\n');
  expect(model!.out).toBe(kept!.out);
  // A model that is trained on it is asked to fill masks.
  await writeFile(at('masked.txt'), 'the [MASK] cat\n');
  const masked = await runCommand(['tokenize', join(out, 'tokenizer.json'), at('masked.txt')]);
  expect(masked.out).toBe('▁:5  t:25  h:13  e:10  [MASK]:4  ▁:5  c:8  a:6  t:25\n');
  // The file itself is asked as its own library is, to which a special token in a text is text.
  const asText = await runCommand(['tokenize', at('own.model'), at('masked.txt')]);
  expect(asText.out).not.toContain('[MASK]');
});

it('a tokenizer, a share and a part that make no sense are refused before anything is packed', async () => {
  const none = await runCommand(['data', 'pack', at('texts'), '--out', at('none')]);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('--tokenizer')]);
  const share = await pack(at('texts'), '--out', at('none'), '--rank', '1');
  expect([share.code, share.err]).toEqual([1, expect.stringContaining('--world is missing')]);
  const part = await pack(at('texts'), '--out', at('none'), '--held-out', '2');
  expect([part.code, part.err]).toEqual([1, expect.stringMatching(/heldOut .*from 0 .* below 1, got 2/)]);
});
