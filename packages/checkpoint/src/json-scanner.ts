/**
 * Reads JSON of a known form straight from its text, value by value: no tree is built, so that the memory is that of what the
 * caller keeps, whatever else a hostile file holds. Whatever is not JSON is an error that names the byte of the text.
 */
export type JsonKind = 'object' | 'list' | 'string' | 'number' | 'literal';

export interface JsonScanner {
  /** What comes next. */
  next(): JsonKind;
  /** Reads an object: `field` is called for each of its names, in order, and must read that name's value. */
  object(field: (name: string) => void): void;
  string(): string;
  /** Reads a list of at most `most` whole numbers from 0 on; undefined when the value that comes is none, of which the rest is not read. */
  counts(most: number): number[] | undefined;
  /** Passes over a value of any form. */
  skip(): void;
  /** Reads `null` if that comes. */
  takesNull(): boolean;
  /** Expects nothing but space. */
  end(): void;
}

/** As deep as serde, which reads the reference implementation's headers, goes. */
const maximalDepth = 127;

const kinds: Readonly<Record<string, JsonKind>> = {
  '{': 'object',
  '[': 'list',
  '"': 'string',
  t: 'literal',
  f: 'literal',
  n: 'literal',
};
const [space, quote, comma, colon, backslash] = [0x20, 0x22, 0x2c, 0x3a, 0x5c];
const [zero, nine] = [0x30, 0x39];

/** `fail` makes the error; it is given what is wrong and where. */
export function jsonScanner(text: string, fail: (problem: string) => Error): JsonScanner {
  let at = 0;

  const expected = (what: string): Error => {
    const found = at < text.length ? JSON.stringify(text[at]) : 'the end';
    return fail(`is not JSON: expected ${what} at character ${at}, got ${found}`);
  };
  const isSpace = (code: number): boolean => code === space || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c);
  const passSpace = (): number => {
    while (isSpace(text.charCodeAt(at))) at++;
    return text.charCodeAt(at);
  };
  const takes = (code: number): boolean => {
    if (passSpace() !== code) return false;
    at++;
    return true;
  };
  const take = (code: number): void => {
    if (!takes(code)) throw expected(JSON.stringify(String.fromCharCode(code)));
  };
  const isDigit = (): boolean => {
    const code = text.charCodeAt(at);
    return code >= zero && code <= nine;
  };

  /** Passes over a string and gives whether it has escapes. */
  const passString = (): boolean => {
    take(quote);
    let escaped = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (!(code >= space)) throw expected('the end of a string'); // a control character, or the end of the text
      at++;
      if (code === quote) return escaped;
      if (code !== backslash) continue;
      escaped = true;
      if (at >= text.length) throw expected('the end of a string');
      at++;
    }
  };

  const string = (): string => {
    passSpace();
    const start = at;
    if (!passString()) return text.slice(start + 1, at - 1);
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      at = start;
      throw expected('a string without unknown escapes');
    }
  };

  /** Items between `open` and `close`, with commas. */
  const items = (open: number, close: number, item: () => void): void => {
    take(open);
    if (takes(close)) return;
    do item();
    while (takes(comma));
    take(close);
  };
  const object = (field: (name: string) => void): void =>
    items(0x7b, 0x7d, () => {
      const name = string();
      take(colon);
      field(name);
    });

  const count = (): number | undefined => {
    passSpace();
    const start = at;
    while (isDigit()) at++;
    const digits = text.slice(start, at);
    const value = Number(digits);
    const follows = passSpace();
    const isCount = /^(0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(value) && (follows === comma || follows === 0x5d);
    return isCount ? value : undefined;
  };
  const counts = (most: number): number[] | undefined => {
    if (!takes(0x5b)) return undefined;
    const values: number[] = [];
    if (takes(0x5d)) return values;
    do {
      const value = count();
      if (value === undefined || values.length === most) return undefined;
      values.push(value);
    } while (takes(comma));
    return takes(0x5d) ? values : undefined;
  };

  const next = (): JsonKind => {
    passSpace();
    const kind = isDigit() || text[at] === '-' ? 'number' : kinds[text[at] ?? ''];
    if (kind === undefined) throw expected('a value');
    return kind;
  };
  const scalar = /-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|true|false|null/y;
  const passScalar = (): void => {
    scalar.lastIndex = at;
    if (!scalar.test(text)) throw expected('a value');
    at = scalar.lastIndex;
  };
  const skip = (depth = 0): void => {
    if (depth > maximalDepth) throw fail(`nests values more than ${maximalDepth} deep`);
    const kind = next();
    if (kind === 'object') object(() => skip(depth + 1));
    else if (kind === 'list') items(0x5b, 0x5d, () => skip(depth + 1));
    else if (kind === 'string') string();
    else passScalar();
  };

  return {
    next,
    object,
    string,
    counts,
    skip: () => skip(),
    takesNull() {
      passSpace();
      if (!text.startsWith('null', at)) return false;
      at += 4;
      return true;
    },
    end() {
      passSpace();
      if (at < text.length) throw expected('the end');
    },
  };
}
