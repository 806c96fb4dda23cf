/** The `post_processor` of a tokenizer.json, of one text: the ids that go before and after it. */
import { byType, isRecord, type JsonPart, listOf, partOf, partsOf, refusePart, shownPart } from './json-part.ts';
import { expectId } from './piece-models.ts';

export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const nothing: Frame = { before: [], after: [] };

export function readFrame(value: unknown, where = 'post_processor'): Frame {
  if (value === null || value === undefined) return nothing;
  const part = partOf(where, value);
  return byType(part, kinds)(part);
}

const kinds: Readonly<Record<string, (part: JsonPart) => Frame>> = {
  Sequence: (part) =>
    partsOf(part, 'processors')
      .map(({ where, fields }) => readFrame(fields, where))
      .reduce(
        (inner, { before, after }) => ({ before: [...before, ...inner.before], after: [...inner.after, ...after] }),
        nothing,
      ),
  ByteLevel: () => nothing,
  BertProcessing: classifierAndSeparator,
  RobertaProcessing: classifierAndSeparator,
  TemplateProcessing: template,
};

function classifierAndSeparator(part: JsonPart): Frame {
  const [before, after] = ['cls', 'sep'].map((name) => expectId(`${part.where}.${name}[1]`, listOf(part, name)[1]));
  return { before: [before!], after: [after!] };
}

function template(part: JsonPart): Frame {
  const tokens = partOf(`${part.where}.special_tokens`, part.fields['special_tokens']);
  const before: number[] = [];
  const after: number[] = [];
  let texts = 0;
  for (const { where, fields } of partsOf(part, 'single')) {
    const { Sequence: sequence, SpecialToken: token } = fields;
    if (isRecord(sequence) && sequence['id'] === 'A') texts++;
    else if (isRecord(token) && typeof token['id'] === 'string') {
      const named = partOf(`${tokens.where}[${shownPart(token['id'])}]`, tokens.fields[token['id']]);
      const ids = listOf(named, 'ids').map((id, index) => expectId(`${named.where}.ids[${index}]`, id));
      (texts === 0 ? before : after).push(...ids);
    } else refusePart(where, `is ${shownPart(fields)}, expected {"Sequence": …} of A or {"SpecialToken": …}`);
  }
  if (texts !== 1) refusePart(`${part.where}.single`, `has the text ${texts} times, expected once`);
  return { before, after };
}
