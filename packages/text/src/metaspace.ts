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
  const text = section.replaceAll(metaspace, ' ');
  let end = text.indexOf(' ');
  if (end !== 0) visit(end < 0 ? text : text.slice(0, end), atStart, 0);
  while (end >= 0) {
    const at = end + 1;
    end = text.indexOf(' ', at);
    visit(end < 0 ? text.slice(at) : text.slice(at, end), true, at);
  }
}
