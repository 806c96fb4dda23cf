/** The `normalizer` of a tokenizer.json: what text goes through before it is cut. */
import { byType, type JsonPart, listOf, partOf, partsOf, refusePart, switchOf, textOf } from './json-part.ts';
import { patternOf } from './known-patterns.ts';
import { type Charsmap, precompiledCharsmap } from './precompiled-charsmap.ts';

export type TextChange = (text: string) => string;

const same: TextChange = (text) => text;

export function readNormalizer(value: unknown, where = 'normalizer'): TextChange {
  if (value === null || value === undefined) return same;
  const part = partOf(where, value);
  return byType(part, kinds)(part);
}

const form = (name: 'NFC' | 'NFD' | 'NFKC' | 'NFKD') => (): TextChange => (text) => text.normalize(name);

const kinds: Readonly<Record<string, (part: JsonPart) => TextChange>> = {
  Sequence: (part) => {
    listOf(part, 'normalizers');
    const steps = partsOf(part, 'normalizers').map(({ where, fields }) => readNormalizer(fields, where));
    return (text) => steps.reduce((current, step) => step(current), text);
  },
  BertNormalizer: bertNormalizer,
  NFC: form('NFC'),
  NFD: form('NFD'),
  NFKC: form('NFKC'),
  NFKD: form('NFKD'),
  Lowercase: () => lowercase,
  StripAccents: () => (text) => text.replace(/\p{M}/gu, ''),
  Strip: (part) => {
    const left = switchOf(part, 'strip_left', true);
    const right = switchOf(part, 'strip_right', true);
    return (text) => {
      const begun = left ? withoutSpacesAtStart(text) : text;
      return right ? withoutSpacesAtEnd(begun) : begun;
    };
  },
  Prepend: (part) => {
    const prefix = textOf(part, 'prepend');
    return (text) => (text === '' ? '' : prefix + text);
  },
  Replace: (part) => {
    const pattern = patternOf(part);
    const content = textOf(part, 'content');
    return (text) => text.replace(pattern, () => content);
  },
  Precompiled: (part) => {
    const blob = fromBase64(textOf(part, 'precompiled_charsmap'));
    if (blob === undefined) return refusePart(`${part.where}.precompiled_charsmap`, 'is not in base 64');
    return precompiled(precompiledCharsmap(blob));
  },
};

const space = /\p{White_Space}/u;

export function withoutSpacesAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && space.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

export const withoutSpacesAtStart: TextChange = (text) => text.replace(/^\p{White_Space}+/u, '');

/** Each character for itself: Σ at the end of a word is σ too. */
export const lowercase: TextChange = (text) =>
  text
    .split('Σ')
    .map((part) => part.toLowerCase())
    .join('σ');

export const chinese: RegExp =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** What BERT takes out of a text: control characters but for those that are spaces. */
export const notClean: RegExp = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\ufffd]/gu;

export interface BertSteps {
  readonly clean: boolean;
  /** Whether each Chinese character stands apart. */
  readonly apart: boolean;
  /** Whether letters lose their marks. */
  readonly bare: boolean;
  readonly lower: boolean;
}

export function bertSteps(part: JsonPart): BertSteps {
  const lower = switchOf(part, 'lowercase', true);
  return {
    clean: switchOf(part, 'clean_text', true),
    apart: switchOf(part, 'handle_chinese_chars', true),
    bare: switchOf(part, 'strip_accents', lower),
    lower,
  };
}

/** As in BERT's BasicTokenizer. https://github.com/google-research/bert/blob/master/tokenization.py */
function bertNormalizer(part: JsonPart): TextChange {
  const { clean, apart, bare, lower } = bertSteps(part);
  return (text) => {
    let result = text;
    if (clean) result = result.replace(notClean, '').replace(/\p{White_Space}/gu, ' ');
    if (apart) result = result.replace(chinese, ' $& ');
    if (bare) result = result.normalize('NFD').replace(/\p{Mn}/gu, '');
    return lower ? lowercase(result) : result;
  };
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Hugging Face's reading of SentencePiece's table: a cluster of fewer than six bytes is replaced whole by what its start is
 * replaced by, a longer one character by character.
 */
function precompiled(charsmap: Charsmap): TextChange {
  const replaced = (part: string): string | undefined => {
    const bytes = utf8.encode(part);
    const text = charsmap.at(bytes, 0, bytes.length).shortest?.text;
    return text && fromUtf8.decode(text);
  };
  return (text) => {
    let result = '';
    for (const { segment } of segmenter.segment(text)) {
      const whole = segment.length < 6 && utf8.encode(segment).length < 6 ? replaced(segment) : undefined;
      if (whole !== undefined) result += whole;
      else for (const character of segment) result += replaced(character) ?? character;
    }
    return result;
  };
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
