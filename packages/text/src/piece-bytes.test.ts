import { expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.ts';
import { pieceBytes } from './piece-bytes.ts';
import { trainTokenizer } from './train-tokenizer.ts';

it('the bytes of the pieces of a text are those of the text, with the space before its first word', async () => {
  const learnt = 'the cat sat on the mat, the cat ran; naïve cafés – 12 €';
  const tokenizer = loadTokenizer(await trainTokenizer([{ text: learnt }], { vocabularySize: 286 }));
  const bytes = pieceBytes(tokenizer);
  const sum = (text: string): number => tokenizer.encode(text).reduce((all, id) => all + bytes[id]!, 0);
  for (const text of [learnt, 'the  cat', '漢字 and 🎈', 'tab\tand\nline']) {
    expect(sum(text), text).toBe(new TextEncoder().encode(` ${text}`).length);
  }
  for (const id of tokenizer.specialIds.values()) expect(bytes[id]).toBe(0);
});
