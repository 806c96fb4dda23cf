/**
 * A file behind an address, by range requests. A request that fails for a reason that may pass (429, 5xx, a closed connection, a
 * server that falls silent) is made again after a while, for the bytes that are still missing.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { GmlpError } from '../errors.ts';
import { type ByteSource, expectInside, shownName } from './byte-source.ts';

export interface HttpOptions {
  /** How long a server may be silent; 30,000 by default. */
  readonly timeoutMs?: number;
  /** How often in a row a request that brings nothing is made again; 6 by default. */
  readonly retries?: number;
  /** How long to wait before the first time; twice as long before each further one. 500 by default. */
  readonly backoffMs?: number;
}

/** What is read, and who reads: that opens the messages. */
interface Address {
  readonly reader: string;
  readonly url: string;
}

interface Version {
  readonly size: number;
  readonly etag: string | null;
}

/** A failure that may pass, and how long the server asks to wait. */
class Passing extends Error {
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

const longestWaitMs = 60_000;
/** Less than this in one answer is as good as silence: a server that sends a byte now and then would keep a run waiting for days. */
const leastProgress = 4096;

export async function openHttp(reader: string, url: string, options: HttpOptions, stop?: AbortSignal): Promise<ByteSource> {
  const at = { reader, url };
  const name = shownName(url);
  expectAddress(at);
  const version = await firstAnswer(at, options, stop);
  let closed = false;
  return {
    name,
    size: version.size,
    leastStep: 2 ** 20,
    async read(offset, length, signal) {
      if (closed) throw new GmlpError('disposed', `${reader}: ${name} was closed; open it again to read`, { file: name });
      expectInside(reader, name, version.size, offset, length);
      return readRange(at, offset, length, version, options, signal);
    },
    close: async () => {
      closed = true;
    },
  };
}

/** A mistake in it passes never. */
function expectAddress({ reader, url }: Address): void {
  const { username = '', password = '' } = URL.canParse(url) ? new URL(url) : { username: url };
  if (username === '' && password === '') return;
  const problem = URL.canParse(url) ? 'an address with a name and a password in it is not fetched' : 'this is no address';
  throw new GmlpError('invalid-argument', `${reader}: ${shownName(url.replace(/\/\/[^/]*@/, '//'))}: ${problem}`);
}

async function firstAnswer(at: Address, options: HttpOptions, stop: AbortSignal | undefined): Promise<Version> {
  return persistently(at, 0, options, stop, async (signal) => {
    const { response, total } = await ask(at, 0, 1, signal);
    await response.body?.cancel();
    return { size: total, etag: strongTag(response) };
  });
}

async function readRange(
  at: Address,
  offset: number,
  length: number,
  version: Version,
  options: HttpOptions,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    await persistently(at, offset, options, signal, async (stop, heard) => {
      const before = done;
      try {
        const { response, total } = await ask(at, offset + done, length - done, stop);
        const tag = strongTag(response);
        if (total !== version.size || (tag !== null && version.etag !== null && tag !== version.etag)) {
          await response.body?.cancel();
          throw failure(
            'invalid-data',
            at,
            offset,
            `it changed while it was read (${version.size} bytes, now ${total}); start again`,
          );
        }
        for await (const chunk of chunksOf(response)) {
          if (done + chunk.length > length)
            throw failure('invalid-data', at, offset, 'the server sent more bytes than were asked for');
          bytes.set(chunk, done);
          done += chunk.length;
          if (done - before >= leastProgress) heard();
        }
        if (done < length) throw new Passing(`the connection was closed after ${done} of ${length} bytes`);
      } catch (cause) {
        // What brought a part on its way is no failure in a row: it goes on with the rest, without waiting.
        if (GmlpError.isInstance(cause) || done - before < leastProgress || signal?.aborted) throw cause;
      }
    });
  }
  return bytes;
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Does something as often as it fails for a reason that may pass. `heard` says that the server is still there. */
async function persistently<Result>(
  at: Address,
  offset: number,
  { timeoutMs = 30_000, retries = 6, backoffMs = 500 }: HttpOptions,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal, heard: () => void) => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    if (signal?.aborted) throw stopped(at, signal);
    const silence = new AbortController();
    const tooLong = (): void => silence.abort(new Passing(`the server was silent for ${timeoutMs} ms`));
    let timer = setTimeout(tooLong, timeoutMs);
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(tooLong, timeoutMs);
    };
    let passing: Error;
    try {
      return await attempt(signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]), heard);
    } catch (cause) {
      if (signal?.aborted) throw stopped(at, signal);
      if (GmlpError.isInstance(cause)) throw cause;
      passing = silence.signal.aborted ? (silence.signal.reason as Error) : (cause as Error);
    } finally {
      clearTimeout(timer);
    }
    if (tries >= retries) {
      throw failure('io', at, offset, `${inWords(passing)}, ${tries + 1} times; check the address and the network`, passing);
    }
    const asked = passing instanceof Passing ? passing.waitMs : undefined;
    await wait(Math.min(longestWaitMs, asked ?? backoffMs * 2 ** tries), undefined, signal && { signal }).catch(() => undefined);
  }
}

/** One request for a range; what no repetition mends is an error of ours. */
async function ask(
  at: Address,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly total: number }> {
  const token = process.env['HF_TOKEN'];
  const { url } = at;
  const response = await fetch(url, {
    signal,
    headers: {
      range: `bytes=${offset}-${offset + length - 1}`,
      'accept-encoding': 'identity', // a range of compressed bytes could not be placed
      ...(token && /^https:\/\/huggingface\.co\//.test(url) && { authorization: `Bearer ${token}` }),
    },
  });
  const { status } = response;
  if (status === 206) {
    const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (Number(from) === offset && Number(to) < offset + length && Number.isSafeInteger(Number(total)))
      return { response, total: Number(total) };
    await response.body?.cancel();
    const said = response.headers.get('content-range');
    throw failure(
      'io',
      at,
      offset,
      `asked for bytes ${offset} to ${offset + length - 1}, the server answered with ${said ?? 'no content-range'}`,
    );
  }
  await response.body?.cancel();
  if (status === 200) {
    throw failure(
      'io',
      at,
      offset,
      'the server ignores range requests and sends the whole file; fetch the file, and read it from the disk',
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new Passing(`the server answered ${status}`, retryAfter(response));
  if (status === 404 || status === 410)
    throw failure('not-found', at, offset, `the server answered ${status}: there is no such file`);
  if (status === 416) throw failure('invalid-data', at, offset, 'the server answered 416: the file ends before, or is empty');
  const help = status === 401 || status === 403 ? '; it may need a login, for huggingface.co the variable HF_TOKEN' : '';
  throw failure('io', at, offset, `the server answered ${status}${help}`);
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

/** Only a strong tag says that the bytes are the same. */
function strongTag(response: Response): string | null {
  const tag = response.headers.get('etag');
  return tag?.startsWith('"') ? tag : null;
}

function inWords(error: Error): string {
  const deeper = error.cause as Error | undefined;
  return deeper?.message ? `${error.message} (${deeper.message})` : error.message;
}

const stopped = ({ reader, url }: Address, { reason }: AbortSignal): GmlpError =>
  new GmlpError('aborted', `${reader}: ${shownName(url)}: stopped`, { file: shownName(url) }, { cause: reason });

const failure = (
  code: 'io' | 'invalid-data' | 'not-found',
  at: Address,
  offset: number,
  problem: string,
  cause?: unknown,
): GmlpError => {
  const file = shownName(at.url);
  return new GmlpError(code, `${at.reader}: ${file}, byte ${offset}: ${problem}`, { file, offset }, { cause });
};
