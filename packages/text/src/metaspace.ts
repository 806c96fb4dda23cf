/**
 * SentencePiece's view of text: a space is the visible character ▁ (U+2581) at the head of the word that follows it, and a
 * text starts as if after a space. "to be  or" is ▁to ▁be ▁ ▁or: every space is kept, and words can be cut apart and
 * joined without loss. Only the space is special; a tab or a line feed is a character like any other.
 * https://arxiv.org/abs/1808.06226
 */
export const metaspace = '▁';

/**
 * The words of a text, in order, as `(word, marked, at)`: marked words stand behind a space, which is not in `word`; `at` is where the word itself
 * begins in the section. `atStart` says that the section starts the text, so that its first word counts as marked. As in Hugging Face's Metaspace
 * pre-tokenizer a leading space is itself that mark, so "a" and " a" are the same words.
 */
export function eachWord(section: string, atStart: boolean, visit: (word: string, marked: boolean, at: number) => void): void {
  if (section === '') return;
  const words = section.replaceAll(metaspace, ' ').split(' ');
  if (words[0] !== '') visit(words[0]!, atStart, 0);
  let at = words[0]!.length;
  for (let i = 1; i < words.length; i++) {
    visit(words[i]!, true, at + 1);
    at += 1 + words[i]!.length;
  }
}
