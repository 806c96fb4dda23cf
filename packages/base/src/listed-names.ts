/**
 * Names of any origin in a message: as they are where they are plain, in quotes with escapes where they hold control characters,
 * marks of direction or halves of surrogate pairs, cut where they are long, and only the first fifty of many.
 */
export function listedNames(names: readonly string[], separator = ', '): string {
  const rest = names.length - most;
  return names.slice(0, most).map(listedName).join(separator) + (rest > 0 ? ` and ${rest} more` : '');
}

const most = 50;
const longest = 200;

function listedName(name: string): string {
  const cut = name.length > longest ? `${name.slice(0, longest)}…` : name;
  if (!telling.test(cut)) return cut;
  return `"${cut.replace(new RegExp(telling, 'gu'), (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)}"`;
}

/** What a terminal may take for a command, and what looks like something else. */
const telling = /[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/u;
