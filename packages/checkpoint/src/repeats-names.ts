/**
 * Whether an object in a JSON text, at any depth, names a field twice. JSON.parse keeps the last of two equal names; comparing
 * the count of names in the valid `text` with those in the `value` that was parsed from it finds that.
 */
export function repeatsNames(text: string, value: object): boolean {
  return namesWritten(text) !== namesKept(value);
}

const colon = /\s*:/y;

function namesWritten(text: string): number {
  let count = 0;
  let close = -1;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', close + 1)) {
    close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    colon.lastIndex = close + 1;
    if (colon.test(text)) count++;
  }
  return count;
}

/** Behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}

/** Without recursion: hostile files nest deeper than the stack. */
function namesKept(value: object): number {
  let count = 0;
  const pending: object[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const children: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += children.length;
    for (const child of children) if (typeof child === 'object' && child !== null) pending.push(child);
  }
  return count;
}
