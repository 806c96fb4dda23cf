import { type FileHandle, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventFile } from './event-file.ts';
import { openMetricsFile } from './metrics-file.ts';

let folder: string;
/** What every open file inherits its methods from. */
let file: Pick<FileHandle, 'write'>;
beforeAll(async () => {
  const handle = await open(import.meta.filename, 'r');
  file = Object.getPrototypeOf(handle) as typeof file;
  await handle.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-appended-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

type Write = (this: FileHandle, bytes: Uint8Array, offset: number, length: number) => Promise<{ bytesWritten: number }>;

/** A disk that takes at most so many bytes at a time, and after some calls fails. */
function slowDisk(most: number, callsToFailure = Number.POSITIVE_INFINITY, code = 'EIO'): void {
  const write = file.write as Write;
  let calls = 0;
  vi.spyOn(file as { write: Write }, 'write').mockImplementation(function (this: FileHandle, bytes, offset, length) {
    if (++calls > callsToFailure) return Promise.reject(Object.assign(new Error(`${code}: the disk says no, write`), { code }));
    return write.call(this, bytes, offset, Math.min(length, most));
  });
}

interface Written {
  readonly path: string;
  write(step: number): Promise<void>;
  close(): Promise<void>;
}

const writers: readonly (readonly [string, () => Promise<Written>])[] = [
  [
    'metrics',
    async () => {
      const path = join(folder, 'metrics.jsonl');
      const { write, close } = await openMetricsFile(path);
      return { path, write: (step) => write({ step, loss: 1.25 }), close };
    },
  ],
  [
    'events',
    async () => {
      const { path, write, close } = await openEventFile(folder, { now: () => 1 });
      return { path, write: (step) => write(step, { loss: 1.25 }), close };
    },
  ],
];

describe.each(writers)('%s', (_, openFile) => {
  it('are the same bytes on a disk that takes a few at a time', async () => {
    const contentOf = async (): Promise<Buffer> => {
      const { path, write, close } = await openFile();
      await Promise.all([1, 2, 3].map(write));
      await close();
      const content = await readFile(path);
      await rm(path);
      return content;
    };
    const expected = await contentOf();
    slowDisk(3);
    expect(await contentOf()).toEqual(expected);
  });

  it('that cannot be written name the file and what to do, and nothing follows half a record', async () => {
    const { path, write, close } = await openFile();
    slowDisk(5, 1);
    const outcomes = await Promise.allSettled([1, 2, 3].map(write));
    const { size } = await stat(path);
    vi.restoreAllMocks(); // the disk is well again, but the file ends in half a record
    outcomes.push(...(await Promise.allSettled([write(4)])));
    const advice = 'the disk or the connection to it failed: check it, or choose a folder on another one';
    const message = `cannot write ${path}: EIO: the disk says no, write; ${advice}`;
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'io', message } });
    await close();
    expect((await stat(path)).size).toBe(size);
  });
});

it('a metrics file whose last line was broken off goes on with a line of its own', async () => {
  const path = join(folder, 'metrics.jsonl');
  slowDisk(10, 3);
  const broken = await openMetricsFile(path);
  await broken.write({ step: 1 });
  await expect(broken.write({ step: 2, loss: 1 })).rejects.toThrow('metrics.jsonl');
  await broken.close();
  vi.restoreAllMocks();
  for (const step of [3, 4]) {
    const next = await openMetricsFile(path, { append: true });
    await next.write({ step });
    await next.close();
  }
  expect(await readFile(path, 'utf8')).toBe('{"step":1}\n{"step":2,\n{"step":3}\n{"step":4}\n');
});
