/**
 * The tokenizer of a BERT that was published as `vocab.txt` alone, as a tokenizer.json: what transformers makes of these files.
 * https://github.com/google-research/bert/blob/master/tokenization.py
 */
import { GmlpError } from '@gmlp/base';
import * as z from 'zod/mini';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

const schema = z.looseObject({
  do_lower_case: z._default(z.boolean(), true),
  strip_accents: z._default(z.nullable(z.boolean()), null),
  tokenize_chinese_chars: z._default(z.boolean(), true),
});

/**
 * From the lines of `vocab.txt`, a piece each, and the text of `tokenizer_config.json`, if there is one. Errors: `invalid-data`
 * for a vocabulary without BERT's special pieces, or a config that is no such JSON.
 */
export function wordPieceTokenizer(vocabulary: string, config = '{}'): string {
  const lines = vocabulary.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const vocab = new Map(lines.map((piece, id) => [piece, id]));
  const missing = special.find((piece) => !vocab.has(piece));
  if (missing !== undefined) {
    const problem = `vocab.txt has ${lines.length} lines, and none is ${missing}; expected the vocabulary of a BERT, a piece a line`;
    throw new GmlpError('invalid-data', `wordPieceTokenizer: ${problem}`, { missing });
  }
  const { do_lower_case, strip_accents, tokenize_chinese_chars } = settings(config);
  const token = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [token('[CLS]', 0), text('A', 0), token('[SEP]', 0)];
  const named = (id: string) => ({ id, ids: [vocab.get(id)], tokens: [id] });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      ...{ id: vocab.get(content), content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: {
      ...{ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: tokenize_chinese_chars },
      ...{ strip_accents, lowercase: do_lower_case },
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), token('[SEP]', 1)],
      special_tokens: { '[CLS]': named('[CLS]'), '[SEP]': named('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(vocab),
    },
  });
}

function settings(config: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(config));
  } catch (cause) {
    const problem = 'tokenizer_config.json is not the JSON of a BERT’s tokenizer: do_lower_case is true or false there';
    throw new GmlpError('invalid-data', `wordPieceTokenizer: ${problem}`, {}, { cause });
  }
}
