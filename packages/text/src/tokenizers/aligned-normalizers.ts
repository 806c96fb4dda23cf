/** The `normalizer` of a tokenizer.json over text that keeps its places: the same text as `readNormalizer` gives. */
import { type AlignedText, rewritten, slicedText, withPrefix } from './aligned-text.ts';
import { byType, type JsonPart, partOf, partsOf, switchOf, textOf } from './json-part.ts';
import { patternOf } from './known-patterns.ts';
import { bertSteps, chinese, lowercase, notClean, withoutSpacesAtEnd, withoutSpacesAtStart } from './normalizers.ts';

export type AlignedChange = (text: AlignedText) => AlignedText;

/** Of those kinds that keep places; `partWithoutOffsets` names the others. */
export function readAlignedNormalizer(value: unknown, where = 'normalizer'): AlignedChange {
  if (value === null || value === undefined) return (text) => text;
  const part = partOf(where, value);
  return byType(part, kinds)(part);
}

/** Letters of Hangul that may come together in one syllable, whatever their width; marks, and kana's voiced marks of half width. */
const [hangul, marks] = ['\\u1100-\\u11ff\\u3130-\\u318f\\ua960-\\ua97f\\uac00-\\ud7ff\\uffa0-\\uffdc', '\\p{M}\\uff9e\\uff9f'];
/** What a composition may join: no run of these changes with what stands beside it. */
const joining = new RegExp(`[${hangul}]+[${marks}]*|[^${marks}]?[${marks}]+|[^\\0-\\x7f]`, 'gu');
/** What a decomposition may take apart, and marks whose order it may change. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all but ASCII
const splitting = /[^\x00-\x7f]\p{M}*/gu;

const form = (pattern: RegExp, name: 'NFC' | 'NFD' | 'NFKC' | 'NFKD') => (): AlignedChange => (text) =>
  rewritten(text, pattern, (run) => run.normalize(name));
const decomposed = form(splitting, 'NFD')();
const lowered: AlignedChange = (text) => rewritten(text, /\p{Changes_When_Lowercased}/gu, lowercase);
const without =
  (pattern: RegExp): AlignedChange =>
  (text) =>
    rewritten(text, pattern, () => '');

const kinds: Readonly<Record<string, (part: JsonPart) => AlignedChange>> = {
  Sequence: (part) => {
    const steps = partsOf(part, 'normalizers').map(({ where, fields }) => readAlignedNormalizer(fields, where));
    return (text) => steps.reduce((current, step) => step(current), text);
  },
  BertNormalizer(part) {
    const { clean, apart, bare, lower } = bertSteps(part);
    return (text) => {
      let result = text;
      if (clean) {
        result = without(notClean)(result);
        result = rewritten(result, /\p{White_Space}/gu, () => ' ');
      }
      if (apart) result = rewritten(result, chinese, (character) => ` ${character} `);
      if (bare) result = without(/\p{Mn}/gu)(decomposed(result));
      return lower ? lowered(result) : result;
    };
  },
  NFC: form(joining, 'NFC'),
  NFD: form(splitting, 'NFD'),
  NFKC: form(joining, 'NFKC'),
  NFKD: form(splitting, 'NFKD'),
  Lowercase: () => lowered,
  StripAccents: () => without(/\p{M}/gu),
  Strip(part) {
    const left = switchOf(part, 'strip_left', true);
    const right = switchOf(part, 'strip_right', true);
    return (aligned) => {
      const { text } = aligned;
      const end = right ? withoutSpacesAtEnd(text).length : text.length;
      const start = left ? text.length - withoutSpacesAtStart(text).length : 0;
      return slicedText(aligned, Math.min(start, end), end);
    };
  },
  Prepend(part) {
    const prefix = textOf(part, 'prepend');
    return (text) => (text.text === '' ? text : withPrefix(text, prefix));
  },
  Replace(part) {
    const pattern = patternOf(part);
    const content = textOf(part, 'content');
    return (text) => rewritten(text, pattern, () => content);
  },
};
