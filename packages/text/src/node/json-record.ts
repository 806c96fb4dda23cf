/** A line of JSON with a text in it. What is not inside strings is bounded before it is parsed: it is what takes memory. */
import type { BadRecordReason } from './bad-records.ts';

export type JsonRecord =
  | { readonly text: string; readonly timestamp: string | null; readonly url: string | null }
  | { readonly reason: BadRecordReason; readonly detail: string; readonly cause?: unknown };

/** Names, numbers and brackets of a record; far more than any document has beside its text. A bracket takes up to 50 bytes. */
const mostStructure = 2 ** 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const [quote, backslash] = [0x22, 0x5c];

export function jsonRecord(bytes: Uint8Array): JsonRecord {
  if (bytes.length > mostStructure && structureBytes(bytes) > mostStructure) {
    const detail = `more than ${mostStructure} of its ${bytes.length} bytes are not inside strings`;
    return { reason: 'too long', detail };
  }
  let line: string;
  try {
    line = utf8.decode(bytes);
  } catch (cause) {
    return { reason: 'invalid UTF-8', detail: `somewhere in its ${bytes.length} bytes`, cause };
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    return { reason: 'broken JSON', detail: (cause as Error).message, cause };
  }
  const { text, timestamp, url } = (value ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string') {
    const shown = line.length > 80 ? `${line.slice(0, 80)}…` : line;
    return { reason: 'no text', detail: `expected an object with a string "text", got ${shown}` };
  }
  const orNull = (field: unknown): string | null => (typeof field === 'string' ? field : null);
  return { text, timestamp: orNull(timestamp), url: orNull(url) };
}

/** How many bytes are not inside strings, counted until there are too many. */
function structureBytes(bytes: Uint8Array): number {
  let outside = 0;
  for (let at = 0; at < bytes.length && outside <= mostStructure; ) {
    const open = bytes.indexOf(quote, at);
    if (open < 0) return outside + bytes.length - at;
    outside += open - at + 2;
    let close = open;
    do close = bytes.indexOf(quote, close + 1);
    while (close >= 0 && escaped(bytes, close));
    if (close < 0) return outside;
    at = close + 1;
  }
  return outside;
}

function escaped(bytes: Uint8Array, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === backslash) before--;
  return (at - 1 - before) % 2 === 1;
}
