/** A whole file of JSON, of a size that a file of answers may have. */
import { GmlpError } from '@gmlp/base';
import { readWholeFile } from '@gmlp/base/node';

/** Far above SQuAD's own files, of which the largest has 42 MB. */
const mostBytes = 2 ** 29;

/** Its text; `what` names it in errors. */
export async function readTextFile(what: string, path: string): Promise<string> {
  const bytes = await readWholeFile(what, path, mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause; // longer than a text can be
    throw new GmlpError('invalid-data', `${path} is not UTF-8`, { path }, { cause });
  }
}

/** `{"id": value, ...}` as a map; a value that is none of its kind is an error that names its id. */
export async function readValuesById<T>(
  what: string,
  path: string,
  kind: { readonly name: string; holds(value: unknown): value is T },
): Promise<ReadonlyMap<string, T>> {
  const fail = (problem: string, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `score: ${path}: ${problem}`, { path }, { cause });
  const text = await readTextFile(what, path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`, cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw fail(`expected an object with ${kind.name} for each id of a question`);
  }
  const values = new Map<string, T>();
  for (const [id, value] of Object.entries(json) as [string, unknown][]) {
    if (!kind.holds(value)) throw fail(`expected ${kind.name} for the question "${id}", got ${JSON.stringify(value)}`);
    values.set(id, value);
  }
  return values;
}
