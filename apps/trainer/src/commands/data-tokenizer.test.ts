import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '@gmlp/text';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { smallText } from '../saved-model/small-saved-model.ts';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-data-tokenizer-'));
  await mkdir(at('texts'));
  await writeFile(at('texts', 'a.txt'), smallText.repeat(20));
  await writeFile(at('texts', 'b.md'), smallText.repeat(20));
  await writeFile(at('bad.jsonl'), `${JSON.stringify({ text: smallText.repeat(20) })}\nno JSON\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const train = (...args: readonly string[]) => runCommand(['data', 'tokenizer', ...args, '--workers', '1']);

it('trains byte pairs and unigram models, which are read again, and never writes over a file', async () => {
  for (const [kind, size] of [
    ['bpe', '290'],
    ['unigram', '305'],
  ] as const) {
    const out = at(`${kind}.json`);
    const { code, out: told, err } = await train(at('texts'), '--kind', kind, '--size', size, '--out', out);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(told).toContain(
      `${out}: ${size} pieces, ${kind === 'bpe' ? 'byte pairs' : 'a unigram model'}\ntext       2 documents,`,
    );
    const tokenizer = loadTokenizer(await readFile(out, 'utf8'));
    expect(tokenizer.vocabularySize).toBe(Number(size));
    expect(tokenizer.decode(tokenizer.encode(smallText))).toBe(smallText.trimStart());
    const again = await train(at('texts'), '--kind', kind, '--size', size, '--out', out);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
  }
});

it('what is packed with it knows it by the fingerprint that was printed', async () => {
  const out = at('known.json');
  const { out: json } = await train(at('texts'), '--kind', 'unigram', '--size', '305', '--out', out, '--json');
  const { fingerprint, ...counted } = JSON.parse(json) as { readonly fingerprint: string };
  expect(counted).toEqual({
    tokenizer: out,
    kind: 'unigram',
    pieces: 305,
    documents: 2,
    words: expect.any(Number),
    forgotten: 0,
  });
  const corpus = ['--tokenizer', out, '--tokens', '8', '--held-out', '0', '--out', at('corpus'), '--json', '--workers', '1'];
  const packed = await runCommand(['data', 'pack', at('texts'), ...corpus]);
  expect(JSON.parse(packed.out)).toMatchObject({ settings: { tokenizer: fingerprint, vocabularySize: 305 } });
});

it('leaves nothing behind when it is stopped or fails, and says what to do in options of its own', async () => {
  const out = at('none', 'tokenizer.json');
  const before = await readdir(folder);
  const signal = AbortSignal.abort('SIGINT');
  const stopped = await runCommand(['data', 'tokenizer', at('texts'), '--out', out], { signal });
  expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining('stopped; nothing is written')]);
  const little = await train(at('texts'), '--size', '5000', '--out', out);
  expect([little.code, little.err]).toEqual([1, expect.stringMatching(/yields \d+ pieces, expected 5000; .* a smaller --size/)]);
  const small = await train(at('texts'), '--size', '100', '--out', out);
  expect(small.err).toMatch(/--size 100 does not hold .* give at least \d+, or a --coverage below 0.9995/);
  const bad = await train(at('bad.jsonl'), '--out', out);
  expect([bad.code, bad.err]).toEqual([
    1,
    expect.stringMatching(/bad\.jsonl, record 1: broken JSON .*leave such records out with --on-bad skip/),
  ]);
  expect((await train(at('texts'), '--kind', 'wordpiece', '--out', out)).code).toBe(2);
  expect(await readdir(folder)).toEqual(before);
  const skipped = await train(at('bad.jsonl'), '--size', '290', '--on-bad', 'skip', '--out', at('skipped.json'));
  expect([skipped.code, skipped.err]).toEqual([0, expect.stringContaining('records left out: 1 (1 broken JSON)')]);
});
