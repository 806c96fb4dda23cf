/** The bytes of a file that is read whole: of no more than such a file may have. */
import { GmlpError } from '../errors.ts';
import { openRegularFile, readFailure } from './regular-file.ts';

/** `what` names it in errors: `the tokenizer`. */
export async function readWholeFile(what: string, path: string, mostBytes: number): Promise<Buffer> {
  const { file, size } = await openRegularFile(what, path);
  try {
    if (size > mostBytes) {
      throw new GmlpError('invalid-data', `${what} ${path} has ${size} bytes; at most ${mostBytes} are read`, { path });
    }
    return await file.readFile();
  } catch (cause) {
    throw readFailure(what, path, cause);
  } finally {
    await file.close();
  }
}
