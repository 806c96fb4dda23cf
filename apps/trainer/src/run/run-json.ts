/** The JSON files of a run, with their format and version: those of a newer version are refused, broken ones by name. */
import { GmlpError } from '@gmlp/base';
import { type JsonFormat, parseVersionedJson, versionedJson } from '@gmlp/checkpoint';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { readSmallFile } from './read-small-file.ts';

export async function writeRunJson(path: string, format: JsonFormat, content: object): Promise<void> {
  await writeFileAtomically(path, versionedJson('writeRunJson', format, { ...content }));
}

/** Far more than any of these files has. */
const mostBytes = 2 ** 22;

/** `undefined` when there is no such file. `advice`: what to do about one that is damaged; one of a newer version is not. */
export async function readRunJson(
  path: string,
  format: JsonFormat,
  advice: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const text = await readSmallFile(path, mostBytes);
    return text === undefined
      ? undefined
      : parseVersionedJson(text, format, { where: 'readRunJson', path, kind: 'a file of a run' });
  } catch (error) {
    if (!GmlpError.isInstance(error) || error.code !== 'invalid-data') throw error;
    throw new GmlpError(error.code, `${error.message}; ${advice}`, error.fields, { cause: error });
  }
}
