/** The text of a tokenizer.json: of a file, and of no more bytes than one may have. */
import { GmlpError } from '@gmlp/base';
import { openRegularFile, readFailure } from '@gmlp/base/node';

/** Some times the largest that are published. */
const mostBytes = 2 ** 27;

export async function readTokenizerFile(path: string): Promise<string> {
  const { file, size } = await openRegularFile('the tokenizer', path);
  try {
    if (size > mostBytes) {
      throw new GmlpError('invalid-data', `the tokenizer ${path} has ${size} bytes; at most ${mostBytes} are read`, { path });
    }
    return await file.readFile('utf8');
  } catch (cause) {
    throw readFailure('the tokenizer', path, cause);
  } finally {
    await file.close();
  }
}
