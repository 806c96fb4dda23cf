/** The text of a tokenizer.json, of a file of no more bytes than one may have; of a BERT's vocab.txt in that form. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readWholeFile } from '@gmlp/base/node';
import { wordPieceTokenizer } from '@gmlp/models';

/** Some times the largest that are published. */
export const mostTokenizerBytes: number = 2 ** 27;

/** A `vocab.txt` says nothing of lower case: the config beside it does. */
export async function readTokenizerFile(path: string): Promise<string> {
  const text = await textOf('the tokenizer', path);
  if (!path.endsWith('.txt')) return text;
  const beside = join(dirname(path), 'tokenizer_config.json');
  return wordPieceTokenizer(text, existsSync(beside) ? await textOf('the config of the tokenizer', beside) : undefined);
}

async function textOf(what: string, path: string): Promise<string> {
  return (await readWholeFile(what, path, mostTokenizerBytes)).toString('utf8');
}
