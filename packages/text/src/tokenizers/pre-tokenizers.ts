/** The `pre_tokenizer` of a tokenizer.json: how normalised text is cut into words, which no piece crosses. */
import { metaspace } from '../metaspace.ts';
import { toByteLevel } from './byte-level.ts';
import { byType, type JsonPart, partOf, partsOf, refusePart, shownPart, switchOf, textOf } from './json-part.ts';
import { gpt2Words, patternOf } from './known-patterns.ts';

export interface Word {
  readonly text: string;
  /** Whether it is at the start of the whole text. */
  readonly first: boolean;
  /** Where it begins in the text that was cut, in UTF-16 units, behind what was put in front of it. */
  readonly from: number;
  /** How many units of it were put in front: the ▁ of a word that no space stood before. */
  readonly added: number;
}

/** A text that is not cut yet. */
export const wholeText = (text: string, first: boolean): Word => ({ text, first, from: 0, added: 0 });

export type Cutting = (word: Word) => readonly Word[];

export function readPreTokenizer(value: unknown, where = 'pre_tokenizer'): Cutting {
  if (value === null || value === undefined) return (word) => [word];
  const part = partOf(where, value);
  return byType(part, kinds)(part);
}

const kinds: Readonly<Record<string, (part: JsonPart) => Cutting>> = {
  Sequence: (part) => {
    const steps = partsOf(part, 'pretokenizers').map(({ where, fields }) => readPreTokenizer(fields, where));
    return (word) => steps.reduce<readonly Word[]>((words, step) => words.flatMap(step), [word]);
  },
  BertPreTokenizer: () => cut(/[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P}\p{White_Space}]+/gu),
  WhitespaceSplit: () => cut(/\P{White_Space}+/gu),
  Whitespace: () =>
    cut(
      /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu,
    ),
  Digits: (part) => cut(switchOf(part, 'individual_digits', false) ? /\p{N}|\P{N}+/gu : /\p{N}+|\P{N}+/gu),
  Metaspace: metaspaceWords,
  ByteLevel: byteLevelWords,
  Split: (part) => {
    const behaviour = textOf(part, 'behavior');
    if (behaviour !== 'Isolated') return refusePart(`${part.where}.behavior`, `${shownPart(behaviour)} is not read`);
    if (switchOf(part, 'invert', false)) return refusePart(`${part.where}.invert`, 'true is not read');
    return isolate(patternOf(part));
  },
};

/** A part of a word, that begins so far behind its start. */
const partOfWord = ({ first, from, added }: Word, index: number, text: string): Word => ({
  text,
  first: first && index === 0,
  from: from + Math.max(0, index - added),
  added: Math.max(0, added - index),
});

/** Only what matches stays. */
const cut =
  (pattern: RegExp): Cutting =>
  (word) =>
    Array.from(word.text.matchAll(pattern), ({ 0: match, index }) => partOfWord(word, index, match)).filter(
      ({ text }) => text !== '',
    );

/** Matches are words, and so is what stands between them. */
function isolate(pattern: RegExp): Cutting {
  return (word) => {
    const { text } = word;
    const words: Word[] = [];
    let from = 0;
    const add = (to: number): void => {
      if (to > from) words.push(partOfWord(word, from, text.slice(from, to)));
      from = to;
    };
    for (const { 0: match, index } of text.matchAll(pattern)) {
      add(index);
      add(index + match.length);
    }
    add(text.length);
    return words;
  };
}

export type PrependScheme = 'always' | 'first' | 'never';

/** Older files have `add_prefix_space` in its place. */
export function prependScheme(part: JsonPart): PrependScheme {
  const scheme = textOf(part, 'prepend_scheme', switchOf(part, 'add_prefix_space', true) ? 'always' : 'never');
  if (scheme === 'always' || scheme === 'first' || scheme === 'never') return scheme;
  return refusePart(`${part.where}.prepend_scheme`, `is ${shownPart(scheme)}, expected "always", "first" or "never"`);
}

export function replacementOf(part: JsonPart): string {
  const replacement = textOf(part, 'replacement', metaspace);
  if ([...replacement].length === 1) return replacement;
  return refusePart(`${part.where}.replacement`, `is ${shownPart(replacement)}, expected one character`);
}

function metaspaceWords(part: JsonPart): Cutting {
  const mark = replacementOf(part);
  const scheme = prependScheme(part);
  const split = switchOf(part, 'split', true);
  return (word) => {
    const marked = word.text.replaceAll(' ', mark);
    const prefixed = scheme === 'always' || (scheme === 'first' && word.first) ? !marked.startsWith(mark) : false;
    const whole: Word = prefixed ? { ...word, text: mark + marked, added: word.added + mark.length } : { ...word, text: marked };
    if (!split) return [whole];
    let at = 0;
    const words = whole.text.split(mark).map((each, index) => {
      const text = index === 0 ? each : mark + each;
      const part = { ...partOfWord(whole, at, text), first: false };
      at += text.length;
      return part;
    });
    return words[0]?.text === '' ? words.slice(1) : words;
  };
}

/** A byte is a character here, and its place is not kept. */
function byteLevelWords(part: JsonPart): Cutting {
  const prefixed = switchOf(part, 'add_prefix_space', true);
  const words = switchOf(part, 'use_regex', true) ? isolate(gpt2Words) : (word: Word) => [word];
  return (word) =>
    words({ ...word, text: prefixed && !word.text.startsWith(' ') ? ` ${word.text}` : word.text }).map((each) => ({
      ...each,
      text: toByteLevel(each.text),
    }));
}
