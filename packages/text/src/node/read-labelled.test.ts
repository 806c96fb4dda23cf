import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GlueTaskName, glueLabels, glueTasks } from '../labelled/glue-tasks.ts';
import type { LabelledText } from '../labelled/labelled-text.ts';
import { labelledTexts, type ReadLabelledOptions, readLabelled } from './read-labelled.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-labelled-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function write(content: string | Uint8Array, ending = 'tsv'): Promise<string> {
  const path = join(folder, `${files++}.${ending}`);
  await writeFile(path, content);
  return path;
}

async function read(path: string, options: ReadLabelledOptions = {}) {
  const stream = readLabelled(path, options);
  const texts: LabelledText[] = [];
  for await (const text of stream) texts.push(text);
  return { texts, skipped: Object.fromEntries(stream.skipped()) };
}

function glue(task: GlueTaskName): ReadLabelledOptions {
  const row = glueTasks[task];
  return { columns: row.columns, labels: glueLabels(row, 'tsv'), numbered: row.numbered };
}

const classes = ({ texts }: { readonly texts: readonly LabelledText[] }) => texts.map((text) => text.class);

describe('the layouts of GLUE', () => {
  it('SST-2: numbers, and quotation marks that are characters', async () => {
    const path = await write('sentence\tlabel\n"unclosed , and fine\t1\nit \'s "bad" \t0\r\n\n');
    const { texts, skipped } = await read(path, glue('sst2'));
    expect(texts).toEqual([
      { first: '"unclosed , and fine', label: '1', class: 1, record: 0 },
      { first: 'it \'s "bad" ', label: '0', class: 0, record: 1 },
    ]);
    expect(skipped).toEqual({});
  });

  it('RTE: two sentences, and words for classes', async () => {
    const path = await write('index\tsentence1\tsentence2\tlabel\n0\ta\tb\tnot_entailment\n1\tc\td\tentailment\n');
    const found = await read(path, glue('rte'));
    expect(classes(found)).toEqual([1, 0]);
    expect(found.texts[0]).toMatchObject({ first: 'a', second: 'b' });
  });

  it('MNLI: the gold label among those of annotators, wherever its column is, in the order of Hugging Face', async () => {
    const path = await write(
      'index\tsentence1\tsentence2\tlabel1\tgold_label\tlabel2\n0\ta\tb\tneutral\tcontradiction\tneutral\n1\ta\tb\tx\tentailment\tx\n2\ta\tb\tx\tneutral\tx\n',
    );
    expect(classes(await read(path, glue('mnli')))).toEqual([2, 0, 1]);
  });

  it('MNLI: a number in a TSV is refused, as it means one class here and another there', async () => {
    const path = await write('sentence1\tsentence2\tgold_label\na\tb\t0\n');
    await expect(read(path, glue('mnli'))).rejects.toThrow(
      /record 0: unknown label \(expected one of entailment, neutral, contradiction, got "0"\)/,
    );
  });

  it('CoLA: no header; a file with one is read by it', async () => {
    const bare = await write("gj04\t1\t\tOur friends won't buy this.\ngj04\t0\t*\tThem is.\n");
    expect((await read(bare, glue('cola'))).texts).toMatchObject([
      { first: "Our friends won't buy this.", class: 1, record: 0 },
      { first: 'Them is.', class: 0, record: 1 },
    ]);
    const named = await write('index\tsentence\n0\tBill whistled.\n');
    expect((await read(named, { ...glue('cola'), labelled: false })).texts).toEqual([{ first: 'Bill whistled.', record: 0 }]);
  });

  it('MRPC: a mark of the byte order before the first name', async () => {
    const path = await write('\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\ta " b\tc\n');
    expect((await read(path, glue('mrpc'))).texts).toMatchObject([{ first: 'a " b', second: 'c', class: 1 }]);
  });
});

describe('other files', () => {
  it('CSV: quotation marks, commas and line feeds inside', async () => {
    const path = await write('text,label\r\n"a, ""b""\nc",yes\r\nplain,no\r\n', 'csv');
    expect((await read(path)).texts).toEqual([
      { first: 'a, "b"\nc', label: 'yes', record: 0 },
      { first: 'plain', label: 'no', record: 1 },
    ]);
  });

  it('JSON lines: labels that are numbers, words or booleans', async () => {
    const path = await write('{"text":"a","label":1}\n{"text":"b","label":"two"}\n{"label":true,"text":"c"}\n', 'jsonl');
    expect((await read(path)).texts.map(({ label }) => label)).toEqual(['1', 'two', 'true']);
  });

  it('parquet as nyu-mll/glue has it: numbers for classes, -1 where there is none', async () => {
    const path = join(folder, 'train-00000-of-00001.parquet');
    const column = (name: string, data: unknown[], type: 'STRING' | 'INT64' | 'INT32') => ({ name, data, type });
    const columnData = [
      column('premise', ['a', 'b', 'c', null], 'STRING'),
      column('hypothesis', ['d', 'e', 'f', 'g'], 'STRING'),
      column('label', [2n, 0n, -1n, 1n], 'INT64'),
      column('idx', [0, 1, 2, 3], 'INT32'),
    ];
    await writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 })));
    const options = { columns: glueTasks.mnli.columns, labels: glueLabels(glueTasks.mnli, 'parquet') };
    const { texts, skipped } = await read(path, { ...options, onBadRecord: 'skip' });
    expect(texts).toEqual([
      { first: 'a', second: 'd', label: '2', class: 2, record: 0 },
      { first: 'b', second: 'e', label: '0', class: 0, record: 1 },
    ]);
    expect(skipped).toEqual({ 'no label': 1, 'no text': 1 });
    await expect(read(path, options)).rejects.toThrow(`${path}, record 2: no label`);
    await expect(read(path, { columns: glueTasks.sst2.columns })).rejects.toThrow('got premise, hypothesis, label, idx');
    await expect(read(await write('no parquet at all', 'parquet'))).rejects.toMatchObject({ code: 'invalid-data' });
  });

  it('lines that are texts, of bytes from anywhere', async () => {
    const chunks = async function* () {
      yield Buffer.from('one\r\n\ntw');
      yield Buffer.from('o\tand "more"');
    };
    const texts: LabelledText[] = [];
    for await (const text of labelledTexts({ name: '-', chunks: chunks() }, { format: 'text', labelled: false }))
      texts.push(text);
    expect(texts).toEqual([
      { first: 'one', record: 0 },
      { first: 'two\tand "more"', record: 2 },
    ]);
  });

  it('no label where none is needed', async () => {
    const path = await write('{"text":"a"}\n{"text":"b","label":null}\n', 'jsonl');
    expect((await read(path, { labelled: false })).texts).toEqual([
      { first: 'a', record: 0 },
      { first: 'b', record: 1 },
    ]);
    await expect(read(path)).rejects.toThrow('has no column for the label: expected one called label or gold_label');
  });

  it('names what is there where a column is not', async () => {
    await expect(read(await write('words\tlabel\na\t1\n'))).rejects.toThrow('no column for the text');
    await expect(read(await write('words\tlabel\na\t1\n'))).rejects.toThrow('got words, label');
    await expect(read(await write('text\ttext\tlabel\na\tb\t1\n'))).rejects.toThrow('has the column text twice');
    await expect(read(await write('a', 'bin'))).rejects.toThrow('is of no known format');
    await expect(read(await write(Buffer.from('\ufefftext\tlabel\n', 'utf16le')))).rejects.toThrow('first line cannot be read');
    await expect(read(join(folder, 'nowhere.tsv'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

interface Wrong {
  readonly name: string;
  readonly reason: string;
  readonly record: string | Buffer;
  readonly ending: 'tsv' | 'csv' | 'jsonl';
}

describe('what cannot be used', () => {
  const wrong: readonly Wrong[] = [
    { name: 'too few columns', reason: 'wrong columns', record: 'only one\n', ending: 'tsv' },
    { name: 'too many columns', reason: 'wrong columns', record: 'a\t1\tmore\n', ending: 'tsv' },
    { name: 'an unknown label', reason: 'unknown label', record: 'a\t7\n', ending: 'tsv' },
    { name: 'no label', reason: 'no label', record: 'a\t\n', ending: 'tsv' },
    { name: 'no text', reason: 'no text', record: ' \t1\n', ending: 'tsv' },
    { name: 'NUL', reason: 'NUL', record: 'a\0b\t1\n', ending: 'tsv' },
    { name: 'invalid UTF-8', reason: 'invalid UTF-8', record: Buffer.from([0x61, 0xff, 0x09, 0x31, 0x0a]), ending: 'tsv' },
    {
      name: 'half a surrogate pair in UTF-8',
      reason: 'invalid UTF-8',
      record: Buffer.from([0xed, 0xa0, 0x80, 0x09, 0x31, 0x0a]),
      ending: 'tsv',
    },
    {
      name: 'half a surrogate pair in JSON',
      reason: 'half a surrogate pair',
      record: '{"text":"a\\ud800b","label":1}\n',
      ending: 'jsonl',
    },
    { name: 'a list for a text', reason: 'no text', record: '{"text":["a"],"label":1}\n', ending: 'jsonl' },
    { name: 'an object for a label', reason: 'unknown label', record: '{"text":"a","label":{}}\n', ending: 'jsonl' },
    { name: 'no object', reason: 'no text', record: '[1]\n', ending: 'jsonl' },
    { name: 'broken JSON', reason: 'broken JSON', record: '{"text":\n', ending: 'jsonl' },
    { name: 'a quotation mark inside a field', reason: 'broken quotes', record: 'a"b,1\n', ending: 'csv' },
    { name: 'a quotation mark that is never closed', reason: 'broken quotes', record: '"b,1\n', ending: 'csv' },
  ];
  const [good, ends] = [
    { tsv: 'good\t1\n', csv: 'good,1\n', jsonl: '{"text":"good","label":1}\n' },
    { tsv: 'text\tlabel\n', csv: 'text,label\n', jsonl: '' },
  ] as const;
  const labels = glueLabels(glueTasks.sst2, 'csv');

  it.each(wrong)('$name is refused by file and record, or left out and counted', async ({ reason, record, ending: kind }) => {
    const bytes = Buffer.concat([Buffer.from(ends[kind] + good[kind]), Buffer.from(record)]);
    const path = await write(bytes, kind);
    await expect(read(path, { labels })).rejects.toThrow(`readLabelled: ${path}, record 1: ${reason} (`);
    const { texts, skipped } = await read(path, { labels, onBadRecord: 'skip' });
    expect([texts.map(({ first }) => first), skipped]).toEqual([['good'], { [reason]: 1 }]);
  });

  it('a line of many megabytes is passed over', async () => {
    const path = join(folder, 'long.tsv');
    await writeFile(
      path,
      Buffer.concat([Buffer.from('text\tlabel\na\t1\n'), Buffer.alloc(2 ** 24, 0x61), Buffer.from('\t1\nb\t0\n')]),
    );
    const { texts, skipped } = await read(path, { labels, onBadRecord: 'skip' });
    expect([classes({ texts }), skipped]).toEqual([[1, 0], { 'too long': 1 }]);
  });

  it('an empty file', async () => {
    for (const ending of ['tsv', 'csv', 'jsonl']) {
      await expect(read(await write('', ending))).rejects.toThrow('empty (the file holds no record)');
    }
  });

  it('gives up a file of nothing else', async () => {
    const path = await write(`text\tlabel\n${'x\n'.repeat(12_000)}`);
    expect((await read(path, { onBadRecord: 'skip' })).skipped).toEqual({ 'wrong columns': 10_000, 'given up': 1 });
  });

  it('every record comes out or is counted, whatever bytes there are', async () => {
    const bytes = fc.array(fc.constantFrom(0x09, 0x0a, 0x0d, 0x22, 0x2c, 0x31, 0x61, 0x7b, 0x00, 0xff, 0xc3), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('tsv' as const, 'csv' as const, 'jsonl' as const), async (content, format) => {
        const path = join(folder, `fuzz.${format}`);
        await writeFile(path, Buffer.concat([Buffer.from(ends[format]), Buffer.from(content)]));
        const { texts, skipped } = await read(path, { labels, onBadRecord: 'skip' });
        const lost = Object.values(skipped).reduce((sum, count) => sum + count, 0);
        const lines = Buffer.from(content)
          .toString('latin1')
          .split('\n')
          .filter((line) => line !== '' && line !== '\r').length;
        // Of CSV several lines may be one record.
        if (format === 'csv') expect(texts.length + lost).toBeLessThanOrEqual(Math.max(1, lines));
        else expect(texts.length + lost).toBe(lines === 0 ? 1 : lines);
      }),
      { numRuns: 150 },
    );
  });
});

describe.runIf(process.env['GMLP_DATA'])('real files (GMLP_DATA)', () => {
  const data = process.env['GMLP_DATA']!;
  it.each([
    ['sst2', 'glue/SST-2/train.tsv', 6920],
    ['sst2', 'glue/SST-2/dev.tsv', 872],
    ['rte', 'glue/RTE/dev.tsv', 277],
    ['cola', 'glue/CoLA/train.tsv', undefined],
    ['mrpc', 'glue/MRPC/train.tsv', undefined],
    ['mnli', 'nli/xnli-en/dev.tsv', 2490],
    ['mnli', 'nli/mnli-format-sample/dev_mismatched.tsv', undefined],
  ] as const)('%s: every line of %s', async (task, name, count) => {
    const lines = (await readFile(join(data, name), 'utf8')).split('\n').length - (task === 'cola' ? 1 : 2);
    expect((await read(join(data, name), glue(task))).texts.length).toBe(count ?? lines);
  });
});
