/** The text of a tokenizer.json: of a file, and of no more bytes than one may have. */
import { readWholeFile } from '@gmlp/base/node';

/** Some times the largest that are published. */
export const mostTokenizerBytes: number = 2 ** 27;

export async function readTokenizerFile(path: string): Promise<string> {
  return (await readWholeFile('the tokenizer', path, mostTokenizerBytes)).toString('utf8');
}
