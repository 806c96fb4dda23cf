/** The tokenizer that a path means: a file of any kind that is read, or the one that lies in a model's directory. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { readWholeFile } from '@gmlp/base/node';
import { loadTokenizer, type Tokenizer } from '@gmlp/text';
import { findModel } from '../saved-model/find-model.ts';
import { mostTokenizerBytes, readTokenizerFile } from '../tasks/text/read-tokenizer-file.ts';

/** What a tokenizer's file is called in a model's directory; the first that is there is read. */
const names = ['tokenizer.json', 'tokenizer.model', 'spiece.model', 'spm.model', 'vocab.txt'];

export interface OpenedTokenizer {
  readonly tokenizer: Tokenizer;
  /** The file that it was read from. */
  readonly path: string;
}

/** Errors: `not-found`, `invalid-argument` for a folder without one, `invalid-data` for a file that is no tokenizer. */
export async function openTokenizer(fileOrModel: string): Promise<OpenedTokenizer> {
  const isFolder = await stat(fileOrModel).then(
    (found) => found.isDirectory(),
    () => false, // what is not there is told of by who opens it
  );
  const path = isFolder ? await tokenizerIn(fileOrModel) : fileOrModel;
  // The bytes of a SentencePiece model, by which it is asked as its own library is: special tokens in a text are text.
  const read = path.endsWith('.txt') ? readTokenizerFile(path) : readWholeFile('the tokenizer', path, mostTokenizerBytes);
  try {
    return { tokenizer: loadTokenizer(await read), path };
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    throw new GmlpError(error.code, `openTokenizer: ${path}: ${plainMessage(error)}`, { path }, { cause: error });
  }
}

async function tokenizerIn(folder: string): Promise<string> {
  const own = await namesIn(folder);
  const directory = own.some((name) => names.includes(name)) ? folder : (await findModel(folder)).directory;
  const found = directory === folder ? own : await namesIn(directory);
  const name = names.find((each) => found.includes(each));
  if (name !== undefined) return join(directory, name);
  const problem = `${directory} has no tokenizer: expected one of ${names.join(', ')}`;
  throw new GmlpError('invalid-argument', `openTokenizer: ${problem}`, { directory });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new GmlpError('io', `openTokenizer: ${folder}: ${(cause as Error).message}`, { path: folder }, { cause });
  }
}
