/** Which part of a tokenizer.json keeps no places of the text; undefined where all of them do. */
import { isRecord } from './json-part.ts';

export function partWithoutOffsets({ normalizer, pre_tokenizer: words }: Readonly<Record<string, unknown>>): string | undefined {
  return (
    found(normalizer, 'normalizer', 'normalizers', ({ type }) => type === 'Precompiled') ??
    found(words, 'pre_tokenizer', 'pretokenizers', ({ type, replacement = '▁' }) =>
      type === 'Metaspace' ? typeof replacement === 'string' && replacement.length > 1 : type === 'ByteLevel',
    )
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** Looks into sequences as well. */
function found(value: unknown, where: string, inner: string, keepsNone: (fields: Fields) => boolean): string | undefined {
  if (!isRecord(value)) return undefined;
  if (keepsNone(value)) return `${where} (${String(value['type'])})`;
  const parts = value[inner];
  if (!Array.isArray(parts)) return undefined;
  return parts
    .map((part, index) => found(part, `${where}.${inner}[${index}]`, inner, keepsNone))
    .find((each) => each !== undefined);
}
