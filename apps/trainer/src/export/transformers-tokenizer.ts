/**
 * The tokenizer files that @huggingface/transformers reads: the model's own tokenizer.json, with the frame [CLS] a [SEP] b [SEP] that its texts
 * are trained in, and what the special tokens are.
 */
import { GmlpError } from '@gmlp/base';
import { loadTokenizer } from '@gmlp/text';
import { rowIds } from '../tasks/classification/text-rows.ts';

export interface TransformersTokenizer {
  /** The text of `tokenizer.json`. */
  readonly tokenizer: string;
  /** The text of `tokenizer_config.json`. */
  readonly config: string;
  /** The id that fills rows up. */
  readonly padding: number;
}

/** `path` is where the text is from, `tokens` the most that the model reads. */
export function transformersTokenizer(
  text: string,
  { path, tokens }: { readonly path: string; readonly tokens: number },
): TransformersTokenizer {
  const loaded = loadTokenizer(text);
  const given = JSON.parse(text.replace(/^\ufeff/, '')) as Readonly<Record<string, unknown>>;
  const { type, byte_fallback } = given['model'] as { readonly type?: unknown; readonly byte_fallback?: unknown };
  if (type === 'Unigram' && byte_fallback === true) {
    throw new GmlpError(
      'invalid-data',
      `${path}: it is a unigram model that spells in bytes what it has no piece for, which @huggingface/transformers does not: ids would be others there`,
      { path },
    );
  }
  const { begin, end, padding } = rowIds(loaded);
  const frame = [...loaded.framed([])];
  const framed = frame.length === 2 && frame[0] === begin && frame[1] === end;
  if (!framed && (frame.length > 0 || (given['post_processor'] ?? null) !== null)) {
    const pieces = frame.map((id) => loaded.pieceOf(id)).join(' ') || 'nothing';
    throw new GmlpError(
      'invalid-data',
      `${path}: its post_processor puts ${pieces} around a text, and the model was trained on [CLS] and [SEP]; a pipeline would ask it otherwise`,
      { path },
    );
  }
  const names = { cls_token: '[CLS]', sep_token: '[SEP]', pad_token: '[PAD]', mask_token: '[MASK]', unk_token: '[UNK]' };
  const special = Object.entries(names).filter(([, token]) => loaded.specialIds.has(token));
  const config = {
    tokenizer_class: 'BertTokenizer', // whose ids come with those of the segments
    model_max_length: tokens,
    clean_up_tokenization_spaces: false,
    ...Object.fromEntries(special),
  };
  return {
    tokenizer: framed ? text : JSON.stringify({ ...given, post_processor: frameOf(begin, end) }),
    config: `${JSON.stringify(config, null, 2)}\n`,
    padding,
  };
}

/** That of BERT, as `tokenizers` writes it. */
function frameOf(begin: number, end: number) {
  const token = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [token('[CLS]', 0), text('A', 0), token('[SEP]', 0)];
  const named = (id: string, own: number) => ({ id, ids: [own], tokens: [id] });
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, text('B', 1), token('[SEP]', 1)],
    special_tokens: { '[CLS]': named('[CLS]', begin), '[SEP]': named('[SEP]', end) },
  };
}
