import { GmlpError } from '@gmlp/base';
import { openBytes } from '@gmlp/base/node';
import { afterEach, describe, expect, test } from 'vitest';
import { answer, type Misbehave, type RangeServer, serveRanges } from './serve-ranges.ts';

const file = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) % 251));
const quick = { timeoutMs: 3000, retries: 2, backoffMs: 1 };
/** For servers that fall silent. */
const impatient = { timeoutMs: 80, retries: 2, backoffMs: 1 };

let server: RangeServer | undefined;
afterEach(() => server?.close());

/** Reads a part from a server that behaves well until the file is open. */
async function read(misbehave: Misbehave, options: object = quick): Promise<Buffer> {
  server = await serveRanges({ 'a.tar': file }, (request, ...rest) => request > 0 && misbehave(request - 1, ...rest));
  const bytes = await openBytes('reader', `${server.url}/a.tar`, options);
  expect(bytes.size).toBe(file.length);
  return Buffer.from(await bytes.read(1000, 50_000));
}
const wanted = file.subarray(1000, 51_000);

async function failure(misbehave: Misbehave, options: object = quick): Promise<GmlpError> {
  const error: unknown = await read(misbehave, options).catch((reason: unknown) => reason);
  if (!GmlpError.isInstance(error)) throw new Error(`expected a GmlpError, got ${String(error)}`);
  expect(error.message).toContain('/a.tar, byte 1000: ');
  return error;
}

const status =
  (code: number, headers: Record<string, string> = {}): Misbehave =>
  (_, response) => {
    response.writeHead(code, headers).end('sorry');
    return true;
  };
const once =
  (misbehave: Misbehave): Misbehave =>
  (request, ...rest) =>
    request === 0 && misbehave(request, ...rest);

test('the bytes that were asked for', async () => {
  expect((await read(() => false)).equals(wanted)).toBe(true);
});

describe('what passes is waited for', () => {
  test.each<[string, Misbehave]>([
    ['429', once(status(429, { 'retry-after': '0' }))],
    ['503', once(status(503))],
    ['500 twice', (request, ...rest) => request < 2 && status(500)(request, ...rest)],
    ['a closed connection', once((_, response) => void response.destroy() === undefined)],
  ])('%s', async (_, misbehave) => {
    expect((await read(misbehave)).equals(wanted)).toBe(true);
  });

  test.each<[string, Misbehave]>([
    ['silence', once(() => true)],
    [
      'silence in the middle',
      once((_, response, start, end, all) => answer(response, start, end, all).write(all.subarray(start, start + 5000))),
    ],
  ])('%s', async (_, misbehave) => {
    const got = await read(misbehave, { ...impatient, timeoutMs: 250, retries: 12 });
    expect(got.equals(wanted)).toBe(true);
  });

  test('a connection that is closed again and again goes on where it stopped', async () => {
    const starts: number[] = [];
    const got = await read((_, response, start, end, all) => {
      starts.push(start);
      answer(response, start, end, all).write(all.subarray(start, Math.min(start + 6000, end + 1)), () => response.destroy());
      return true;
    });
    expect(got.equals(wanted)).toBe(true);
    expect(starts.length).toBeGreaterThan(quick.retries + 1);
    expect(starts[0]).toBe(1000);
    for (const [at, start] of starts.entries()) if (at > 0) expect(start).toBeGreaterThan(starts[at - 1]!);
  });
});

describe('what does not is an error that says what was wrong', () => {
  test.each<[string, Misbehave, string, string]>([
    ['404', status(404), 'not-found', 'there is no such file'],
    ['403', status(403), 'io', 'it may need a login'],
    ['429 for ever', status(429), 'io', 'the server answered 429, 3 times'],
    ['500 for ever', status(500), 'io', 'the server answered 500, 3 times'],
    [
      'the whole file',
      (_, response, __, ___, all) => void response.writeHead(200).end(all) === undefined,
      'io',
      'ignores range requests',
    ],
    [
      'another range',
      (_, response, start, end, all) =>
        void answer(response, start + 1, end, all).end(all.subarray(start + 1, end + 1)) === undefined,
      'io',
      'answered with bytes 1001-50999/100000',
    ],
    [
      'no range named',
      (_, response, start, end, all) => void response.writeHead(206).end(all.subarray(start, end + 1)) === undefined,
      'io',
      'no content-range',
    ],
    [
      'another file',
      (_, response, start, end, all) =>
        void answer(response, start, end, all.subarray(0, -1)).end(all.subarray(start, end + 1)) === undefined,
      'invalid-data',
      'it changed while it was read',
    ],
    [
      'too few bytes each time',
      (_, response, start, end, all) =>
        answer(response, start, end, all).write(all.subarray(start, start + 9), () => response.destroy()),
      'io',
      '3 times',
    ],
    [
      'more bytes than asked',
      (_, response, start, end, all) =>
        void response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${all.length}` }).end(all.subarray(start)) ===
        undefined,
      'invalid-data',
      'more bytes',
    ],
  ])('%s', async (_, misbehave, code, problem) => {
    const error = await failure(misbehave);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(problem)]);
  });

  test('silence', async () => {
    expect((await failure(() => true, impatient)).message).toContain('silent for 80 ms, 3 times');
  });

  test('a byte now and then is as good as none', async () => {
    const error = await failure(
      (_, response, start, end, all) => {
        answer(response, start, end, all);
        const drip = setInterval(() => response.write(all.subarray(start, ++start)), 20);
        response.on('close', () => clearInterval(drip));
        return true;
      },
      { timeoutMs: 400, retries: 0 },
    );
    expect(error.message).toContain('silent for 400 ms, 1 times');
  });

  test('a changed file of the same size, by its tag', async () => {
    server = await serveRanges({ 'a.tar': file }, (request, response, start, end, all) => {
      answer(response, start, end, all, { etag: `"${request}"` }).end(all.subarray(start, end + 1));
      return true;
    });
    const bytes = await openBytes('reader', `${server.url}/a.tar`, quick);
    await expect(bytes.read(0, 100)).rejects.toThrow('it changed while it was read');
  });

  test('no server, no file, and an empty one', async () => {
    server = await serveRanges({ empty: Buffer.alloc(0) });
    await expect(openBytes('reader', `${server.url}/none`, quick)).rejects.toMatchObject({ code: 'not-found' });
    await expect(openBytes('reader', `${server.url}/empty`, quick)).rejects.toThrow('the file ends before, or is empty');
    const gone = server.url;
    await server.close();
    server = undefined;
    await expect(openBytes('reader', `${gone}/a.tar`, quick)).rejects.toThrow(/ECONNREFUSED.*3 times; check the address/);
  });
});

test('what may be secret in an address is not told', async () => {
  server = await serveRanges(
    { 'a.tar': file },
    (request, response) => request > 0 && void response.writeHead(404).end() === undefined,
  );
  const bytes = await openBytes('reader', `${server.url}/a.tar?signature=secret`, quick);
  const error: unknown = await bytes.read(0, 9).catch((reason: unknown) => reason);
  expect([bytes.name, (error as GmlpError).message]).toEqual([
    `${server.url}/a.tar`,
    expect.stringContaining(`${server.url}/a.tar, byte 0`),
  ]);
  await expect(openBytes('reader', 'https://me:secret@host/a.tar', quick)).rejects.toThrow(
    'reader: https://host/a.tar: an address with a name and a password',
  );
  await expect(openBytes('reader', 'https://', quick)).rejects.toThrow('this is no address');
});

test('stopped, it stops', async () => {
  server = await serveRanges({ 'a.tar': file }, (request) => request > 0);
  const bytes = await openBytes('reader', `${server.url}/a.tar`, { timeoutMs: 60_000 });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await expect(bytes.read(0, 100, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
});

test('a part outside of the file is not asked for, and a closed one not read', async () => {
  server = await serveRanges({ 'a.tar': file });
  const bytes = await openBytes('reader', `${server.url}/a.tar`, quick);
  await expect(bytes.read(99_999, 2)).rejects.toThrow('2 bytes from byte 99999 on are asked for, but it has 100000');
  expect(server.requests()).toBe(1);
  await bytes.close();
  await expect(bytes.read(0, 1)).rejects.toMatchObject({ code: 'disposed' });
});
