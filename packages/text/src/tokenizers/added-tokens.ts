/** The `added_tokens` of a tokenizer.json: what is found in a text before all else. */
import { type JsonPart, partsOf, refusePart, shownPart, switchOf, textOf } from './json-part.ts';
import type { TextChange } from './normalizers.ts';
import { withoutSpacesAtEnd } from './normalizers.ts';
import { expectId } from './piece-models.ts';
import { prefixTrie } from './prefix-trie.ts';

export interface AddedPiece {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  /** Found in normalised text, not in text as it is. */
  readonly normalized: boolean;
  readonly alone: boolean;
  readonly takesBefore: boolean;
  readonly takesAfter: boolean;
}

export function readAddedTokens(root: JsonPart): AddedPiece[] {
  if ((root.fields['added_tokens'] ?? null) === null) return [];
  return partsOf({ ...root, where: 'the file' }, 'added_tokens').map((part) => {
    const content = textOf(part, 'content');
    if (content === '') refusePart(`${part.where}.content`, `is ${shownPart(content)}, expected a text`);
    return {
      content,
      id: expectId(`${part.where}.id`, part.fields['id']),
      special: switchOf(part, 'special', false),
      normalized: switchOf(part, 'normalized', true),
      alone: switchOf(part, 'single_word', false),
      takesBefore: switchOf(part, 'lstrip', false),
      takesAfter: switchOf(part, 'rstrip', false),
    };
  });
}

export interface Section {
  readonly text: string;
  /** Where it starts; only 0 is the start of the text. */
  readonly from: number;
  /** The added token that it is, and else text. */
  readonly id?: number;
}

const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const space = /\p{White_Space}/u;

/** Cuts a text at added tokens: the leftmost, and the longest of those that start together. */
export function addedFinder(added: readonly AddedPiece[], change: TextChange): (text: string) => readonly Section[] {
  if (added.length === 0) return (text) => [{ text, from: 0 }];
  const trie = prefixTrie(added.map(({ content }, index) => [change(content), index]));
  const starts = new Set(added.map(({ content }) => change(content).charCodeAt(0)));
  return (text) => {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ) {
      let found: AddedPiece | undefined;
      let end = at;
      if (starts.has(text.charCodeAt(at))) {
        trie.visit(text, at, (to, index) => {
          end = to;
          found = added[index];
        });
      }
      if (found === undefined) {
        at++;
        continue;
      }
      const { id, alone, takesBefore, takesAfter } = found as AddedPiece;
      if (alone && (touches(text, at - 1) || touches(text, end))) {
        at = end;
        continue;
      }
      if (takesAfter) while (end < text.length && space.test(text[end]!)) end++;
      const before = text.slice(done, at);
      const kept = takesBefore ? withoutSpacesAtEnd(before) : before;
      if (kept !== '') sections.push({ text: kept, from: done });
      sections.push({ text: text.slice(at, end), from: at, id });
      at = end;
      done = end;
    }
    if (done < text.length) sections.push({ text: text.slice(done), from: done });
    return sections;
  };
}

const touches = (text: string, at: number): boolean => at >= 0 && at < text.length && wordCharacter.test(text[at]!);
