/**
 * Shards of C4 (`c4-train.00000-of-01024.json.gz`): gzip, one JSON object a line with `text`, `timestamp` and `url`. Read as a
 * stream: memory holds one line, however long the shard is, and never more than `maxRecordBytes` of it.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import type { TextDocument } from '../text-document.ts';
import {
  type BadRecords,
  badRecords,
  type DocumentPosition,
  type DocumentStream,
  type OnBadRecord,
  startingFile,
} from './bad-records.ts';
import { byteLines } from './byte-lines.ts';

export interface ReadOptions {
  /** A position that an earlier reader of the same files reported. */
  readonly from?: DocumentPosition;
  readonly onBadRecord?: OnBadRecord;
  readonly maxRecordBytes?: number;
}

/** The documents of one or more shards, in order. Files whose name does not end in `.gz` are read as plain JSON lines. */
export function readC4(
  files: string | readonly string[],
  { from, onBadRecord = 'throw', maxRecordBytes = 16 * 2 ** 20 }: ReadOptions = {},
): DocumentStream<TextDocument> {
  const shards = typeof files === 'string' ? [files] : files;
  if (shards.length === 0) throw new GmlpError('invalid-argument', 'readC4: expected at least one shard, got none');
  const bad = badRecords('readC4', onBadRecord);
  const first = startingFile('readC4', shards, from);
  let position: DocumentPosition | null = from ?? null;

  async function* documents(): AsyncGenerator<TextDocument, void, undefined> {
    for (const [index, file] of shards.slice(first).entries()) {
      const start = index === 0 && from !== undefined ? from.record : 0;
      for await (const document of readShard(file, start, bad, maxRecordBytes)) {
        position = { file, record: document.source.record + 1 };
        yield document;
      }
    }
  }
  return { [Symbol.asyncIterator]: documents, position: () => position, skipped: () => bad.counts };
}

async function* readShard(
  file: string,
  start: number,
  bad: BadRecords,
  maxBytes: number,
): AsyncGenerator<TextDocument, void, undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let record = 0;
  const bytes = createReadStream(file, { highWaterMark: 2 ** 18 });
  const content = file.endsWith('.gz') ? bytes.pipe(createGunzip({ chunkSize: 2 ** 18 })) : bytes;
  bytes.on('error', (error) => content.destroy(error)); // a pipe does not pass errors on
  try {
    for await (const line of byteLines(content, maxBytes)) {
      const number = record++;
      if (number < start) continue;
      if ('tooLong' in line) {
        bad.report('too long', file, number, `${line.tooLong} bytes, at most ${maxBytes} are allowed`);
        continue;
      }
      const document = parseRecord(line.bytes, utf8, file, number, bad);
      if (document !== null) yield document;
    }
    if (record === 0) bad.report('empty', file, 0, 'the shard holds no record');
    else if (record < start) {
      throw new GmlpError(
        'not-found',
        `readC4: cannot resume at record ${start} of ${file}: it has ${record}; was it replaced?`,
        { file, record: start },
      );
    }
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!code.startsWith('Z_'))
      throw new GmlpError(code === 'ENOENT' ? 'not-found' : 'io', `readC4: ${file}: ${message}`, { file }, { cause });
    if (bytes.bytesRead === 0) bad.report('empty', file, 0, 'the file holds no byte', cause);
    else bad.report('broken gzip', file, record, message, cause);
  } finally {
    content.destroy();
    bytes.destroy();
  }
}

function parseRecord(bytes: Uint8Array, utf8: TextDecoder, file: string, record: number, bad: BadRecords): TextDocument | null {
  let line: string;
  try {
    line = utf8.decode(bytes);
  } catch (cause) {
    bad.report('invalid UTF-8', file, record, `somewhere in its ${bytes.length} bytes`, cause);
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    bad.report('broken JSON', file, record, (cause as Error).message, cause);
    return null;
  }
  const { text, timestamp, url } = (value ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string') {
    bad.report(
      'no text',
      file,
      record,
      `expected an object with a string "text", got ${line.length > 80 ? `${line.slice(0, 80)}…` : line}`,
    );
    return null;
  }
  const orNull = (field: unknown): string | null => (typeof field === 'string' ? field : null);
  return { text, timestamp: orNull(timestamp), url: orNull(url), source: { file, record } };
}
