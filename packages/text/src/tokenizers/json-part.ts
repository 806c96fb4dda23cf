/** Parts of a tokenizer.json, each with its place in the file, so that what is wrong or not read is refused by its name. */
import { GmlpError } from '@gmlp/base';

export interface JsonPart {
  /** `pre_tokenizer.pretokenizers[1]` */
  readonly where: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function refusePart(where: string, problem: string): never {
  throw new GmlpError('invalid-data', `loadTokenizer: ${where} ${problem}`, { where });
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function shownPart(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function partOf(where: string, value: unknown): JsonPart {
  if (!isRecord(value)) return refusePart(where, `is ${shownPart(value)}, expected an object`);
  return { where, fields: value };
}

export function partsOf({ where, fields }: JsonPart, name: string): JsonPart[] {
  return listOf({ where, fields }, name).map((each, index) => partOf(`${where}.${name}[${index}]`, each));
}

export function listOf({ where, fields }: JsonPart, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : refusePart(`${where}.${name}`, `is ${shownPart(value)}, expected a list`);
}

export function textOf({ where, fields }: JsonPart, name: string, standard?: string): string {
  const value = fields[name] ?? standard;
  return typeof value === 'string' ? value : refusePart(`${where}.${name}`, `is ${shownPart(value)}, expected a text`);
}

export function switchOf({ where, fields }: JsonPart, name: string, standard?: boolean): boolean {
  const value = fields[name] ?? standard;
  return typeof value === 'boolean' ? value : refusePart(`${where}.${name}`, `is ${shownPart(value)}, expected true or false`);
}

export function countOf({ where, fields }: JsonPart, name: string, standard?: number): number {
  const value = fields[name] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return refusePart(`${where}.${name}`, `is ${shownPart(value)}, expected a whole number from 0`);
}

/** What stands under the part's `type`; another is refused by its name. */
export function byType<T>(part: JsonPart, known: Readonly<Record<string, T>>): T {
  const type = part.fields['type'];
  if (typeof type === 'string' && Object.hasOwn(known, type)) return known[type]!;
  const names = Object.keys(known).join(', ');
  return refusePart(`${part.where}.type`, `is ${shownPart(type)}, which is not read; known are ${names}`);
}
