/** The text of a tokenizer.json, of a file of no more bytes than one may have; of a BERT's vocab.txt and a SentencePiece .model in that form. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readWholeFile } from '@gmlp/base/node';
import { wordPieceTokenizer } from '@gmlp/models';
import { tokenizerText } from '@gmlp/text';

/** Some times the largest that are published. */
export const mostTokenizerBytes: number = 2 ** 27;

/** A `vocab.txt` says nothing of lower case: the config beside it does. */
export async function readTokenizerFile(path: string): Promise<string> {
  const bytes = await readWholeFile('the tokenizer', path, mostTokenizerBytes);
  if (!path.endsWith('.txt')) return tokenizerText(bytes);
  const beside = join(dirname(path), 'tokenizer_config.json');
  const config = existsSync(beside) ? await readWholeFile('the config of the tokenizer', beside, mostTokenizerBytes) : undefined;
  return wordPieceTokenizer(bytes.toString('utf8'), config?.toString('utf8'));
}
