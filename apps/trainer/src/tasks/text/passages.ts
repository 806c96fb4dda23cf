/** A document as passages of about a page, for what is held out of a few large documents. */

/** In UTF-16 units: some hundred tokens, so that even a short text has several. */
const passageLength = 2000;

/** All of the text, in its order: cut behind a line, else behind a space, never inside a character. What is only blank is left out. */
export function passagesOf(text: string): string[] {
  const passages: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + passageLength >= text.length ? text.length : cutBetween(text, start, start + passageLength);
    const passage = text.slice(start, end);
    if (passage.trim() !== '') passages.push(passage);
    start = end;
  }
  return passages;
}

function cutBetween(text: string, start: number, end: number): number {
  for (const mark of ['\n', ' ']) {
    const behind = text.lastIndexOf(mark, end - 1) + 1;
    if (behind > start) return behind;
  }
  const inside = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return inside ? end - 1 : end;
}
