/** The JSON files of a run, with their format and version: those of a newer version are refused, broken ones by name. */
import { type JsonFormat, parseVersionedJson, versionedJson } from '@gmlp/checkpoint';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { readSmallFile } from './read-small-file.ts';

export async function writeRunJson(path: string, format: JsonFormat, content: object): Promise<void> {
  await writeFileAtomically(path, versionedJson('writeRunJson', format, { ...content }));
}

/** Far more than any of these files has. */
const mostBytes = 2 ** 22;

/** `undefined` when there is no such file. */
export async function readRunJson(path: string, format: JsonFormat): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readSmallFile(path, mostBytes);
  if (text === undefined) return undefined;
  return parseVersionedJson(text, format, { where: 'readRunJson', path, kind: 'a file of a run' });
}
