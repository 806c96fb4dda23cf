/** Plain text, a file or a folder of files: each file is one document, or several if it is larger than a document may be. */
import { join } from 'node:path';
import { openRegularFile, readFailure } from '@gmlp/base/node';
import type { TextDocument } from '../text-document.ts';
import { type BadRecords, badRecords, type DocumentPosition, type DocumentStream, startingFile } from './bad-records.ts';
import { listTextFiles } from './list-text-files.ts';
import type { ReadOptions } from './read-c4.ts';
import { textPieces } from './text-pieces.ts';

export interface ReadTextFilesOptions extends ReadOptions {
  /** Which files of a folder are text, by the end of their name in small letters. A file that is named itself is read. */
  readonly extensions?: readonly string[];
}

/**
 * The documents of a file, or of all text files in a folder and below it, in the order of their paths. A file of more than
 * `maxRecordBytes` (16 MiB) is cut behind a line into documents that are not. The text is UTF-8.
 */
export function readTextFiles(
  path: string,
  { from, onBadRecord = 'throw', maxRecordBytes = 16 * 2 ** 20, extensions }: ReadTextFilesOptions = {},
): DocumentStream<TextDocument> {
  const bad = badRecords('readTextFiles', onBadRecord);
  let position: DocumentPosition | null = from ?? null;

  async function* documents(): AsyncGenerator<TextDocument, void, undefined> {
    const { root, files, broken } = await listTextFiles(path, extensions);
    for (const { file, problem } of broken) bad.report('no file', file, 0, problem);
    const first = startingFile('readTextFiles', files, from);
    for (const [index, file] of files.slice(first).entries()) {
      const start = index === 0 && from !== undefined ? from.record : 0;
      for await (const document of readTextFile(join(root, file), file, start, bad, maxRecordBytes)) {
        position = { file, record: document.source.record + 1 };
        yield document;
      }
    }
  }
  return { [Symbol.asyncIterator]: documents, position: () => position, skipped: () => bad.counts };
}

async function* readTextFile(
  path: string,
  name: string,
  start: number,
  bad: BadRecords,
  maxBytes: number,
): AsyncGenerator<TextDocument, void, undefined> {
  const { file, size } = await openRegularFile('readTextFiles', path);
  try {
    if (size === 0) bad.report('empty', name, 0, 'the file holds no byte');
    let [record, offset] = [0, 0];
    for await (const bytes of textPieces(file, size, maxBytes)) {
      const number = record++;
      const decoded = number < start ? undefined : decode(bytes, offset);
      offset += bytes.length;
      if (decoded === undefined) continue;
      if ('problem' in decoded) bad.report('invalid UTF-8', name, number, decoded.problem);
      else yield { text: decoded.text, timestamp: null, url: null, source: { file: name, record: number } };
    }
  } catch (cause) {
    throw readFailure('readTextFiles', path, cause);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, offset: number): { readonly text: string } | { readonly problem: string } {
  const zero = bytes.indexOf(0);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { problem: 'it is UTF-16; save it as UTF-8' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { problem: 'it is UTF-16; save it as UTF-8' };
  if (zero >= 0) return { problem: `a NUL at byte ${offset + zero}: it is no text, or in UTF-16` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: offset > 0 }).decode(bytes) };
  } catch {
    return { problem: `byte ${offset + firstWrongByte(bytes)} is not UTF-8; save it as UTF-8` };
  }
}

/** The start of the first character that is none. */
function firstWrongByte(bytes: Uint8Array): number {
  let [low, high] = [0, bytes.length]; // all before `low` is right, something before `high` is not
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    // A character that is only cut at the end is not wrong there.
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle;
    }
  }
  return low;
}
