/**
 * JSON files that say what they are: `{ "format": ..., "version": n, ... }`. A file of another format or of a newer
 * version is refused, and so is content that JSON would change.
 */
import { GmlpError } from '@gmlp/base';

export interface JsonFormat {
  /** What the file says of itself. */
  readonly format: string;
  /** The newest version that is read, and the one that is written. */
  readonly version: number;
}

/** The text of a file with these fields after its format and version. `where` names the caller in errors. */
export function versionedJson(where: string, { format, version }: JsonFormat, fields: Record<string, unknown>): string {
  const refuse = (name: string, problem: string): GmlpError =>
    new GmlpError('invalid-argument', `${where}: ${name} must be JSON-able, got ${problem}`, { name });
  for (const [name, value] of Object.entries(fields)) if (value === undefined) throw refuse(name, 'undefined');
  try {
    return `${JSON.stringify({ format, version, ...fields }, check, 2)}\n`;
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    throw refuse(Object.keys(fields).join(', '), (cause as Error).message); // a circle, or deeper than the stack
  }

  /** Sees every value before JSON does; a Date or a Map would come back as something else, NaN as null. */
  function check(this: unknown, name: string, converted: unknown): unknown {
    const value = (this as Record<string, unknown>)[name];
    if (value === undefined && !Array.isArray(this)) return converted; // left out, as JSON does
    if (typeof value === 'number' && !Number.isFinite(value)) throw refuse(name, String(value));
    if (typeof value === 'object' && value !== null && !isPlain(value))
      throw refuse(name, value.constructor?.name ?? 'an object');
    if (!['string', 'number', 'boolean', 'object'].includes(typeof value)) throw refuse(name, typeof value);
    return converted;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

export interface ParseOptions {
  /** Who reads it, for errors. */
  readonly where: string;
  readonly path: string;
  /** What it should be, as `a checkpoint's manifest`. */
  readonly kind: string;
  /** Fields that it must have. */
  readonly needed?: readonly string[];
  /** What to do about one that is refused. */
  readonly advice?: string;
}

/** The fields of such a file. */
export function parseVersionedJson(
  content: Uint8Array | string,
  { format, version }: JsonFormat,
  { where, path, kind, needed = [], advice }: ParseOptions,
): Record<string, unknown> {
  const toDo = advice === undefined ? '' : `; ${advice}`;
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `${where}: ${path} ${problem}${toDo}`, { path });
  let file: unknown;
  try {
    file = JSON.parse(typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  if (typeof file !== 'object' || file === null || !('format' in file) || file.format !== format) {
    throw fail(`is not ${kind}: it lacks "format": "${format}"`);
  }
  const found: unknown = 'version' in file ? file.version : undefined;
  if (!Number.isSafeInteger(found) || (found as number) < 1) {
    throw fail(`has version ${JSON.stringify(found)}, expected a whole number`);
  }
  if ((found as number) > version) {
    throw new GmlpError(
      'unsupported-version',
      `${where}: ${path} has version ${found}, this gmlp reads up to ${version}; update gmlp${advice === undefined ? '' : `, or ${advice}`}`,
      { path, found, supported: version },
    );
  }
  for (const name of needed) if (!Object.hasOwn(file, name)) throw fail(`lacks "${name}"`);
  return file as Record<string, unknown>;
}
