/**
 * The regular expressions that published tokenizers have. Theirs are of another engine (Oniguruma), whose \s is White_Space,
 * so each is rewritten here; one that is not here is refused, rather than read almost right or run for ever.
 */
import { isRecord, type JsonPart, refusePart, shownPart } from './json-part.ts';

const space = '\\p{White_Space}';
const tail = `${space}+(?!\\P{White_Space})|${space}+`;
const other = `[^${space}\\p{L}\\p{N}]+`;
const shortened = (endings: string): string => `'(?:${endings})`;
const anyCase = shortened('[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD]');
const modern = (digits: string): string =>
  `${anyCase}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?${other}[\\r\\n]*|${space}*[\\r\\n]+|${tail}`;

/** How GPT-2 cuts text into words. */
export const gpt2Words: RegExp = new RegExp(`${shortened('s|t|re|ve|m|ll|d')}| ?\\p{L}+| ?\\p{N}+| ?${other}|${tail}`, 'gu');

const modernSource = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

const known: ReadonlyMap<string, RegExp> = new Map([
  [' {2,}', / {2,}/gu],
  ['\\s+', new RegExp(`${space}+`, 'gu')],
  ["'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", gpt2Words],
  [modernSource('\\p{N}{1,3}'), new RegExp(modern('\\p{N}{1,3}'), 'gu')],
  [modernSource('\\p{N}'), new RegExp(modern('\\p{N}'), 'gu')],
]);

/** The `pattern` of a part: a text, or one of the expressions above. */
export function patternOf({ where, fields }: JsonPart): RegExp {
  const pattern = fields['pattern'];
  if (isRecord(pattern)) {
    const { String: text, Regex: source } = pattern;
    if (typeof text === 'string' && text !== '') return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu');
    const expression = typeof source === 'string' ? known.get(source) : undefined;
    if (expression !== undefined) return expression;
    if (typeof source === 'string') refusePart(`${where}.pattern.Regex`, `${shownPart(source)} is not read`);
  }
  return refusePart(`${where}.pattern`, `is ${shownPart(pattern)}, expected {"String": "…"} or {"Regex": "…"}`);
}
