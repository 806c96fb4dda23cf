import { gzipSync } from 'node:zlib';
import { answer, type Misbehave, type RangeServer, serveRanges } from '@gmlp/testing';
import { afterEach, expect, test } from 'vitest';
import { readC4 } from './read-c4.ts';

const texts = Array.from({ length: 3000 }, (_, i) => `Document ${i} says ${Math.imul(i, 0x9e3779b1) >>> 0}.`);
const lines = texts.map((text) => JSON.stringify({ text }));
// Two members, as files that were put together have.
const shard = Buffer.concat([lines.slice(0, 1000), lines.slice(1000)].map((part) => gzipSync(`${part.join('\n')}\n`)));
const http = { timeoutMs: 250, retries: 6, backoffMs: 1 };

let server: RangeServer | undefined;
afterEach(() => server?.close());

async function read(misbehave?: Misbehave, name = 'c4-train.00000-of-00001.json.gz'): Promise<string[]> {
  server = await serveRanges(
    { 'c4-train.00000-of-00001.json.gz': shard, 'plain.jsonl': Buffer.from(lines.join('\n')) },
    misbehave,
  );
  const found: string[] = [];
  const reached: number[] = [];
  for await (const { text, source } of readC4(`${server.url}/${name}?key=secret`, { http, onBytes: (at) => reached.push(at) })) {
    expect(source).toEqual({ file: `${server.url}/${name}`, record: found.length });
    found.push(text);
  }
  expect(reached.at(-1)).toBe(name.endsWith('.gz') ? shard.length : Buffer.byteLength(lines.join('\n')));
  return found;
}

test('a shard behind an address, gzip or plain, is read by ranges', async () => {
  expect(await read()).toEqual(texts);
  await server?.close();
  expect(await read(undefined, 'plain.jsonl')).toEqual(texts);
});

test('a server that is silent, says 429 or 500, or cuts what it sends: nothing is lost, nothing comes twice', async () => {
  const starts: number[] = [];
  const found = await read((request, response, start, end, file) => {
    if (request === 1) return true; // silence
    if (request === 2 || request === 3) return response.writeHead(request === 2 ? 429 : 500).end() !== undefined;
    starts.push(start);
    const most = start + 20_000;
    if (end <= most) return false;
    answer(response, start, end, file).write(file.subarray(start, most), () => response.destroy());
    return true;
  });
  expect(found).toEqual(texts);
  // It goes on where it was cut, not from the beginning.
  expect(starts.length).toBeGreaterThan(2);
  expect(starts.slice(2).every((start, at) => start > starts[at + 1]!)).toBe(true);
});

test('what does not pass is told with the address, and without what may be secret in it', async () => {
  const refused = read(undefined, 'none.json.gz');
  await expect(refused).rejects.toThrow(/none\.json\.gz, byte 0: the server answered 404/);
  await expect(refused).rejects.not.toThrow(/secret/);
});
