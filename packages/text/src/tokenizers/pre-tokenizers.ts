/** The `pre_tokenizer` of a tokenizer.json: how normalised text is cut into words, which no piece crosses. */
import { metaspace } from '../metaspace.ts';
import { toByteLevel } from './byte-level.ts';
import { byType, type JsonPart, partOf, partsOf, refusePart, shownPart, switchOf, textOf } from './json-part.ts';
import { gpt2Words, patternOf } from './known-patterns.ts';

export interface Word {
  readonly text: string;
  /** Whether it is at the start of the whole text. */
  readonly first: boolean;
}

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

const places = (matches: Iterable<RegExpMatchArray>, first: boolean): Word[] =>
  Array.from(matches, ({ 0: match, index }) => ({ text: match, first: first && index === 0 })).filter((each) => each.text !== '');

/** Only what matches stays. */
const cut =
  (pattern: RegExp): Cutting =>
  ({ text, first }) =>
    places(text.matchAll(pattern), first);

/** Matches are words, and so is what stands between them. */
function isolate(pattern: RegExp): Cutting {
  return ({ text, first }) => {
    const words: Word[] = [];
    let from = 0;
    const add = (to: number): void => {
      if (to > from) words.push({ text: text.slice(from, to), first: first && from === 0 });
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
  return ({ text, first }) => {
    const marked = text.replaceAll(' ', mark);
    const prefixed = scheme === 'always' || (scheme === 'first' && first) ? !marked.startsWith(mark) : false;
    const whole = { text: prefixed ? mark + marked : marked, first };
    if (!split) return [whole];
    const words = whole.text.split(mark).map((each, index) => ({ text: index === 0 ? each : mark + each, first: false }));
    return words[0]?.text === '' ? words.slice(1) : words;
  };
}

function byteLevelWords(part: JsonPart): Cutting {
  const prefixed = switchOf(part, 'add_prefix_space', true);
  const words = switchOf(part, 'use_regex', true) ? isolate(gpt2Words) : (word: Word) => [word];
  return ({ text, first }) =>
    words({ text: prefixed && !text.startsWith(' ') ? ` ${text}` : text, first }).map((word) => ({
      text: toByteLevel(word.text),
      first: word.first,
    }));
}
