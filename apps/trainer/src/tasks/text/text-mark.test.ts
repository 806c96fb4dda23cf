import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTextMark, type TextMark, writeTextMark } from './text-mark.ts';

it('a mark holds the shards of the largest part of C4', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-text-mark-'));
  try {
    const hash = 'a'.repeat(64);
    const names = Array.from({ length: 7168 + 64 }, (_, at) => `${'folder/'.repeat(12)}c4-train.${at}-of-07168.packed`);
    const mark: TextMark = {
      documents: { training: 5, validation: 1 },
      fingerprints: { source: hash, tokenizer: hash, training: hash, validation: hash },
      shards: Object.fromEntries(names.map((name) => [name, hash])),
    };
    await writeTextMark(folder, { source: 'packed' }, mark);
    expect((await stat(join(folder, 'text.json'))).size).toBeGreaterThan(2 ** 20);
    expect(await readTextMark(folder, { source: 'packed' })).toEqual(mark);
  } finally {
    await rm(folder, { recursive: true });
  }
});
