/** The JSON files of a run, with their format and version: those of a newer version are refused, broken ones by name. */
import { GmlpError } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { readSmallFile } from './read-small-file.ts';

export async function writeRunJson(path: string, format: string, version: number, content: object): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify({ format, version, ...content }, null, 2)}\n`);
}

/** Far more than any of these files has. */
const mostBytes = 2 ** 22;

/** `undefined` when there is no such file. */
export async function readRunJson(
  path: string,
  format: string,
  version: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readSmallFile(path, mostBytes);
  if (text === undefined) return undefined;
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `readRunJson: ${path} ${problem}`, { path });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  const content = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (content['format'] !== format) throw fail(`lacks "format": "${format}"; it is no file of a run`);
  const found = content['version'];
  if (!Number.isSafeInteger(found) || (found as number) < 1)
    throw fail(`has version ${JSON.stringify(found)}, expected a whole number`);
  if ((found as number) > version) {
    throw new GmlpError(
      'unsupported-version',
      `readRunJson: ${path} has version ${String(found)}, this gmlp reads up to ${version}; update gmlp`,
      { path, found, supported: version },
    );
  }
  return content;
}
