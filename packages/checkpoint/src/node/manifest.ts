/**
 * manifest.json says what a complete checkpoint holds: a folder without it was not finished.
 *
 *   { "format": "gmlp-checkpoint", "version": 1, "step": 12, "package": "0.3.1", "threads": 2,
 *     "files": { "model.safetensors": { "bytes": 1234, "sha256": "..." }, ... },
 *     "sha256": "..." }   of [["step", 12], ..., ["files", {...}]] as JSON
 */
import { createHash } from 'node:crypto';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '../model-files.ts';
import { isPlainName } from '../plain-name.ts';
import { type JsonFormat, parseVersionedJson, versionedJson } from '../versioned-json.ts';
import { checkpointFileNames } from './checkpoint.ts';

export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly step: number;
  /** The version of this package that wrote it. */
  readonly package: string;
  /** Of the device that trained: another number may change the last bits of sums. */
  readonly threads: number;
  readonly files: ReadonlyMap<string, FileRecord>;
}

const manifestFormat: JsonFormat = { format: 'gmlp-checkpoint', version: 1 };
const needed = [modelFileNames.config, modelFileNames.tensors, checkpointFileNames.optimiser, checkpointFileNames.state];

const fieldNames = ['step', 'package', 'threads', 'files'] as const;

export function formatManifest(where: string, { step, package: version, threads, files }: Manifest): string {
  const fields = { step, package: version, threads, files: Object.fromEntries(files) };
  return versionedJson(where, manifestFormat, { ...fields, sha256: hashOf(fields) });
}

function hashOf(fields: Record<(typeof fieldNames)[number], unknown>): string {
  const json = JSON.stringify(fieldNames.map((name) => [name, fields[name]]));
  return createHash('sha256').update(json).digest('hex');
}

/** Whether a file says that it is a checkpoint's manifest. */
export function isManifest(bytes: Uint8Array): boolean {
  try {
    const file: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof file === 'object' && file !== null && 'format' in file && file.format === manifestFormat.format;
  } catch {
    return false;
  }
}

export function parseManifest(where: string, path: string, bytes: Uint8Array): Manifest {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `${where}: ${path} ${problem}`, { path });
  const fields = parseVersionedJson(bytes, manifestFormat, {
    where,
    path,
    kind: "a checkpoint's manifest",
    needed: [...fieldNames, 'sha256'],
  });
  const { step, package: version, threads, files } = fields as Record<(typeof fieldNames)[number], unknown>;
  if (!isCount(step)) throw fail(`has step ${JSON.stringify(step)}, expected a whole number`);
  if (typeof version !== 'string') throw fail('has a "package" that is not a version');
  if (!isCount(threads)) throw fail('has "threads" that are not a whole number');
  if (typeof files !== 'object' || files === null || Array.isArray(files)) throw fail('has "files" that are not an object');
  const records = new Map<string, FileRecord>();
  for (const [name, record] of Object.entries(files)) {
    if (!isPlainName(name)) throw fail(`names the file ${JSON.stringify(name)}, which may lie outside of its folder`);
    if (!isRecord(record)) throw fail(`describes ${name} by something else than { bytes, sha256 }`);
    records.set(name, record);
  }
  for (const name of needed) if (!records.has(name)) throw fail(`does not list ${name}`);
  if (fields['sha256'] !== hashOf({ step, package: version, threads, files }))
    throw fail('has not the SHA-256 that it says: it is damaged');
  return { step, package: version, threads, files: records };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isRecord(value: unknown): value is FileRecord {
  if (typeof value !== 'object' || value === null || !('bytes' in value) || !('sha256' in value)) return false;
  return isCount(value.bytes) && typeof value.sha256 === 'string' && /^[\da-f]{64}$/.test(value.sha256);
}
