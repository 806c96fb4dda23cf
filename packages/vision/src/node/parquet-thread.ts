/**
 * Decodes parquet in a thread of its own: on damaged bytes the decoder may loop for ever or ask for more memory than there is, and a
 * thread can be ended then. A process has one such thread, which takes one request at a time and does not keep the process alive.
 */
import { Worker } from 'node:worker_threads';
import { GmlpError } from '@gmlp/base';
import type { ParquetHead, ParquetRequest, ParquetValue } from './parquet-decode.ts';
import type { ParquetAnswer } from './parquet-worker.ts';

const workerFile = new URL(`./parquet-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** How long a thread may take to start, and then to decode so many bytes: a good file is done many times as fast, on a busy machine too. */
const startMs = 60_000;
const decodeMs = (bytes: number): number => 3000 + Math.ceil(bytes / 5000);

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<unknown>;
}

let thread: Thread | undefined;
let last: Promise<unknown> = Promise.resolve();

/** What is wrong with the bytes is an error whose message says it. */
export function parquetHead(footer: Uint8Array): Promise<ParquetHead> {
  return decoded({ kind: 'head', footer }) as Promise<ParquetHead>;
}

export function parquetColumn(
  request: Omit<Extract<ParquetRequest, { kind: 'column' }>, 'kind'>,
): Promise<readonly ParquetValue[]> {
  return decoded({ kind: 'column', ...request }) as Promise<readonly ParquetValue[]>;
}

function decoded(request: ParquetRequest): Promise<unknown> {
  const answer = last.then(() => ask(request));
  last = answer.catch(() => undefined);
  return answer;
}

function started(): Thread {
  const worker = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  worker.on('error', () => {}); // who waits for an answer hears of it too
  const each: Thread = { worker, ready: answerOf(worker, startMs, () => {}) };
  each.ready.catch(() => {});
  worker.on('exit', () => {
    if (thread === each) thread = undefined;
  });
  return each;
}

async function ask(request: ParquetRequest): Promise<unknown> {
  thread ??= started();
  const { worker, ready } = thread;
  let answer: ParquetAnswer;
  worker.ref();
  try {
    await ready;
    const bytes = request.footer.length + (request.kind === 'column' ? request.bytes.length : 0);
    answer = await answerOf(worker, decodeMs(bytes), () => worker.postMessage(request));
  } catch (cause) {
    thread = undefined; // the next request gets another
    await worker.terminate();
    throw cause;
  } finally {
    worker.unref();
  }
  if (answer.kind === 'value') return answer.value;
  if (answer.kind === 'problem' && !answer.missing) throw new Error(answer.problem);
  const problem =
    'parquet files need the packages hyparquet and hyparquet-compressors; try: npm install hyparquet hyparquet-compressors';
  throw new GmlpError('not-found', `openImageSource: ${problem}`);
}

/** The next thing that a thread says after `asked`. */
function answerOf(worker: Worker, patienceMs: number, asked: () => void): Promise<ParquetAnswer> {
  return new Promise((resolve, reject) => {
    const heard = (answer: ParquetAnswer): void => done(() => resolve(answer));
    const failed = (cause: unknown): void => done(() => reject(cause));
    const exited = (): void => done(() => reject(new Error('its bytes ended the thread that decodes them')));
    const late = (): void => done(() => reject(new Error(`nothing came of its bytes in ${patienceMs} ms`)));
    const timer = setTimeout(late, patienceMs);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off('message', heard).off('error', failed).off('exit', exited);
      settle();
    };
    worker.on('message', heard).on('error', failed).on('exit', exited);
    asked();
  });
}
