import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { writeSmallModel } from '../saved-model/small-saved-model.ts';

let folder: string;
const place = (name: string): string => join(folder, name);
const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s', 'Cat', ''];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-tokenize-'));
  await writeSmallModel(place('model'));
  await writeFile(place('vocab.txt'), vocabulary.join('\n'));
  await writeFile(place('words.txt'), 'one\ntwo\n');
  await writeFile(place('lines.txt'), 'the [MASK]\r\ncats\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function* bytes(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}
const tokenize = (path: string, input: readonly string[], ...rest: string[]) =>
  runCommand(['tokenize', place(path), ...rest], { stdin: bytes(...input) });
const parsed = (out: string): unknown[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('prints the ids and pieces of JSON strings, wherever the bytes of standard input are cut', async () => {
  const { code, out } = await tokenize('model', ['"the c', 'at"\n"', 'sat\\nno\u2028w [MASK]"'], '--json');
  expect(code).toBe(0);
  const [first, second] = parsed(out) as { ids: number[]; pieces: string[] }[];
  expect(first!.pieces.join('')).toBe('▁the▁cat');
  expect(first!.ids).toHaveLength(first!.pieces.length);
  expect(second!.pieces).toEqual(expect.arrayContaining(['<0x0A>', '<0xE2>', '<0xA8>', '[MASK]']));
});

it('frames a text as a BERT’s vocabulary says, which takes lower case unless its config says otherwise', async () => {
  const framed = await tokenize('vocab.txt', ['"The Cats"\n'], '--json');
  expect(parsed(framed.out)).toEqual([{ ids: [2, 5, 6, 7, 3], pieces: ['[CLS]', 'the', 'cat', '##s', '[SEP]'] }]);
  const bare = await tokenize('vocab.txt', [], place('lines.txt'), '--bare');
  expect(bare.out).toBe('the:5  [MASK]:4\ncat:6  ##s:7\n');
  await writeFile(place('tokenizer_config.json'), '{"do_lower_case": false}');
  const cased = await tokenize('vocab.txt', ['"the Cats THE"\n'], '--json', '--bare');
  expect(parsed(cased.out)).toEqual([{ ids: [5, 8, 7, 1], pieces: ['the', 'Cat', '##s', '[UNK]'] }]);
});

it('refuses a line that is not UTF-8', async () => {
  const stdin = bytes('a\n', Buffer.of(0xe9, 0x0a));
  expect((await runCommand(['tokenize', place('model')], { stdin })).err).toContain('standard input, line 2 is not UTF-8');
});

it('names the file of a line that it refuses', async () => {
  const { err } = await tokenize('model', [], place('lines.txt'), '--json');
  expect(err).toContain(`${place('lines.txt')}, line 1 is not JSON`);
});

it.each<[string, readonly string[], readonly string[], RegExp]>([
  ['model', ['"a"\nb\n'], ['--json'], /standard input, line 2 is not JSON: .*; with --json each line is a text as a JSON string/],
  ['model', ['"a"\n["b"]\n'], ['--json'], /line 2 is no JSON string: \["b"\]/],
  ['none.json', [], [], /the tokenizer \S+none\.json does not exist/],
  ['words.txt', [], [], /words\.txt: vocab\.txt has 2 lines, and none is \[PAD\]; expected the vocabulary of a BERT/],
  ['lines.txt', [], [], /lines\.txt: vocab\.txt has 2 lines/],
  ['model', [], ['none.txt'], /the lines \S*none\.txt/],
])('of %s %j %j is refused', async (path, input, rest, message) => {
  const { code, err } = await tokenize(path, input, ...rest);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(message) });
});

const published = join(process.env['GMLP_DATA'] ?? '', 'tokenizers');
const expected = join(published, 'expected.jsonl');
if (!existsSync(expected)) it.skip('GMLP_DATA has no tokenizers/expected.jsonl: published tokenizers are not tried', () => {});
else {
  const [{ strings }, ...files] = parsed(readFileSync(expected, 'utf8')) as [
    { readonly strings: readonly string[] },
    ...{ readonly file: string; readonly ids: readonly (readonly number[])[] }[],
  ];
  const vocabularyToo = files.filter(({ file }) => file.startsWith('bert-')).map((each) => ({ ...each, file: 'bert-base-uncased-vocab.txt' })); // biome-ignore format: one thought
  it.each([...files, ...vocabularyToo].map((each) => [each.file, each.ids] as const))(
    'the ids of %s are those of the library that made it',
    { timeout: 60_000 },
    async (file, ids) => {
      const input = strings.map((text) => `${JSON.stringify(text)}\n`);
      const { out } = await runCommand(['tokenize', join(published, file), '--json'], { stdin: bytes(...input) });
      expect((parsed(out) as { ids: number[] }[]).map((line) => line.ids)).toEqual(ids);
    },
  );
}
