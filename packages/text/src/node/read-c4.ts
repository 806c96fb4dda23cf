/**
 * Shards of C4 (`c4-train.00000-of-01024.json.gz`): gzip, one JSON object a line with `text`, `timestamp` and `url`. Read as a
 * stream: memory holds one line, however long the shard is, and never more than `maxRecordBytes` of it.
 */
import { GmlpError } from '@gmlp/base';
import { type HttpOptions, openBytes, readFailure, shownName } from '@gmlp/base/node';
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
import { type GunzipPart, gunzipMembers, type Readable } from './gunzip-members.ts';
import { jsonRecord } from './json-record.ts';
import { readAhead } from './read-ahead.ts';

export interface ReadOptions {
  /** A position that an earlier reader of the same files reported. */
  readonly from?: DocumentPosition;
  readonly onBadRecord?: OnBadRecord;
  readonly maxRecordBytes?: number;
}

export interface ReadShardOptions extends ReadOptions {
  /** How a server is asked. */
  readonly http?: HttpOptions | undefined;
  /** Hears how many bytes of a file were reached, and how many it has. */
  readonly onBytes?: ((reached: number, size: number) => void) | undefined;
}

/**
 * The documents of one or more shards, in order: files, or addresses that begin with http:// or https://, whose servers must know
 * ranges. Those whose name does not end in `.gz` are read as plain JSON lines.
 */
export function readC4(
  files: string | readonly string[],
  { from, onBadRecord = 'throw', maxRecordBytes = 16 * 2 ** 20, http, onBytes }: ReadShardOptions = {},
): DocumentStream<TextDocument> {
  const shards = typeof files === 'string' ? [files] : files;
  if (shards.length === 0) throw new GmlpError('invalid-argument', 'readC4: expected at least one shard, got none');
  const bad = badRecords('readC4', onBadRecord);
  const first = startingFile('readC4', shards.map(shownName), from);
  let position: DocumentPosition | null = from ?? null;

  async function* documents(): AsyncGenerator<TextDocument, void, undefined> {
    for (const [index, file] of shards.slice(first).entries()) {
      const start = index === 0 && from !== undefined ? from.record : 0;
      for await (const document of readShard(file, start, bad, { maxBytes: maxRecordBytes, http, onBytes })) {
        position = { file: document.source.file, record: document.source.record + 1 };
        yield document;
      }
    }
  }
  return { [Symbol.asyncIterator]: documents, position: () => position, skipped: () => bad.counts };
}

async function* readShard(
  path: string,
  start: number,
  bad: BadRecords,
  { maxBytes, http, onBytes }: Pick<ReadShardOptions, 'http' | 'onBytes'> & { readonly maxBytes: number },
): AsyncGenerator<TextDocument, void, undefined> {
  const source = await openBytes('readC4', path, http);
  const { name: file, size } = source;
  const reader = readAhead(source, onBytes && ((reached) => onBytes(reached, size)));
  let [record, good, wrong] = [0, 0, 0];
  const report: BadRecords['report'] = (...what) => {
    wrong++;
    bad.report(...what);
  };
  // A line is counted before more bytes are asked for, so that a damage is told with the record that it hits.
  async function* content(): AsyncGenerator<Uint8Array | 'cut' | 'end', void, undefined> {
    const parts = file.endsWith('.gz') ? gunzipMembers(reader, size) : plainParts(reader);
    for await (const part of parts) {
      if (part.kind === 'damage' && !part.inside) yield 'end';
      if (part.kind === 'damage') report('broken gzip', file, record, `at byte ${part.offset}: ${part.problem}`);
      yield part.kind === 'bytes' ? part.bytes : 'cut';
    }
  }
  try {
    for await (const line of byteLines(content(), maxBytes)) {
      const number = record++;
      if (number < start) continue;
      if ('tooLong' in line) {
        report('too long', file, number, `${line.tooLong} bytes, at most ${maxBytes} are allowed`);
        continue;
      }
      const found = jsonRecord(line.bytes);
      if ('reason' in found) report(found.reason, file, number, found.detail, found.cause);
      else {
        good++;
        yield { ...found, source: { file, record: number } };
      }
      if (wrong >= mostBad && wrong > good) {
        bad.report('given up', file, record, `${wrong} bad records and ${good} good ones before; the rest is not read`);
        return;
      }
    }
    if (record === 0 && wrong === 0)
      report('empty', file, 0, size === 0 ? 'the file holds no byte' : 'the shard holds no record');
    else if (record < start) {
      throw new GmlpError(
        'not-found',
        `readC4: cannot resume at record ${start} of ${file}: it has ${record}; was it replaced?`,
        { file, record: start },
      );
    }
  } catch (cause) {
    throw readFailure('readC4', file, cause);
  } finally {
    reader.stop();
    await source.close();
  }
}

/** A file in which more records are bad, and most of them, is no shard: its rest is not read. */
const mostBad = 10_000;

async function* plainParts(file: Readable): AsyncGenerator<GunzipPart, void, undefined> {
  for (let at = 0; ; ) {
    const bytes = Buffer.allocUnsafe(2 ** 18); // lines are cut from it, and stay
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield { kind: 'bytes', bytes: bytes.subarray(0, bytesRead) };
  }
}
