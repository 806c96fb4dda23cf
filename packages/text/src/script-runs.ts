/**
 * Where SentencePiece lets no piece cross: between scripts. "peace,1945" is three runs, `peace` `,` `1945`, so that `peace`
 * is the same piece with a comma and without. Differs from SentencePiece in one point: digits are a script of their own,
 * where it has them together with punctuation. https://github.com/google/sentencepiece (split_by_unicode_script)
 */
const scripts = [
  /\p{N}/u,
  /\p{Script=Latin}/u,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC]/u,
  ...['Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Hangul', 'Devanagari', 'Thai', 'Armenian', 'Georgian', 'Bengali', 'Tamil'].map(
    (name) => new RegExp(`\\p{Script=${name}}`, 'u'),
  ),
  /\p{L}/u, // all other letters
] as const;
const inherited = /\p{Script=Inherited}/u; // combining marks, joiners: of the script of what they follow

/** Cuts a word into its runs of one script. */
export function scriptRuns(characters: readonly string[], scriptOf: (character: string) => number): string[][] {
  const runs: string[][] = [];
  let current = Number.NaN;
  for (const character of characters) {
    const script = scriptOf(character);
    if (runs.length > 0 && (script === current || script === follows)) runs.at(-1)!.push(character);
    else {
      runs.push([character]);
      current = script;
    }
  }
  return runs;
}

const follows = -1;

/** A function from a character to the number of its script; it remembers what it has seen. */
export function scriptClassifier(): (character: string) => number {
  const seen = new Map<string, number>();
  return (character) => {
    let script = seen.get(character);
    if (script === undefined) {
      script = inherited.test(character) ? follows : scripts.findIndex((pattern) => pattern.test(character)) + 1;
      seen.set(character, script);
    }
    return script;
  };
}
