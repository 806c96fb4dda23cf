import { GmlpError, type HostArray } from '@gmlp/base';
import { safetensorsParts } from './encode-safetensors.ts';
import { formatShardIndex, isShardName, shardIndexName, shardTensors } from './shard-index.ts';
import { type JsonFormat, parseVersionedJson, versionedJson } from './versioned-json.ts';

/** Parts of a file that follow each other. A text is UTF-8. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

/** What a model needs besides config and weights, as the texts of JSON files; each is there when the model has it. */
export interface ModelTexts {
  /** `tokenizer.json`: of a model of language. */
  readonly tokenizer?: string;
  /** `preprocessing.json`: what a picture goes through before the model, and its classes. */
  readonly preprocessing?: string;
  /** `labels.json`: the classes of a text, and how files of such texts are read. */
  readonly labels?: string;
  /** `answering.json`: how a model that points at answers reads questions and texts. */
  readonly answering?: string;
}

/** A model as files hold it. */
export interface ModelDirectory<Config = unknown> extends ModelTexts {
  /** The model's config, plain and JSON-able. Read from a directory it is unchecked: the model's schema checks it. */
  readonly config: Config;
  /** Parameters by name. */
  readonly tensors: ReadonlyMap<string, HostArray>;
}

/** The names of a model's files. */
export const modelFileNames = {
  config: 'config.json',
  tensors: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  preprocessing: 'preprocessing.json',
  labels: 'labels.json',
  answering: 'answering.json',
} as const;

export const modelTextKeys: readonly (keyof ModelTexts)[] = ['tokenizer', 'preprocessing', 'labels', 'answering'];

/** The texts of a model out of files by name; other files are left out. */
export function modelTextsOf(files: ReadonlyMap<string, string>): ModelTexts {
  return Object.fromEntries(
    modelTextKeys.flatMap((key) => {
      const text = files.get(modelFileNames[key]);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/** The other way. */
export function modelTextFiles(texts: ModelTexts): ReadonlyMap<string, string> {
  return new Map(
    modelTextKeys.flatMap((key) => {
      const text = texts[key];
      return text === undefined ? [] : [[modelFileNames[key], text] as const];
    }),
  );
}

/** Whether a file in a model directory is the model's, be it of an earlier one. */
export const isModelFile = (name: string): boolean =>
  Object.values<string>(modelFileNames).includes(name) || name === shardIndexName || isShardName(name);

const configFormat: JsonFormat = { format: 'gmlp-model', version: 1 };

/**
 * What the files of a model hold, by name, `config.json` last. Nothing is copied: the tensors are written as they lie in
 * memory. Those of more than `maximalShardBytes` go into several files with an index.
 */
export function modelFiles(
  where: string,
  { config, tensors, ...texts }: ModelDirectory,
  maximalShardBytes: number = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, FileContent> {
  if (!(maximalShardBytes > 0)) {
    throw new GmlpError('invalid-argument', `${where}: maximalShardBytes must be above 0, got ${maximalShardBytes}`);
  }
  const shards = shardTensors(tensors, maximalShardBytes);
  return new Map<string, FileContent>([
    ...(shards.size < 2
      ? [[modelFileNames.tensors, tensorFile(tensors)] as const]
      : [
          ...[...shards].map(([name, shard]) => [name, tensorFile(shard)] as const),
          [shardIndexName, formatShardIndex(shards)] as const,
        ]),
    ...modelTextFiles(texts),
    [modelFileNames.config, versionedJson(where, configFormat, { model: config })],
  ]);
}

/** A safetensors file as this package writes it. */
export const tensorFile = (tensors: ReadonlyMap<string, HostArray>): FileContent =>
  safetensorsParts(tensors, new Map([['format', 'gmlp']]));

/** The model's config in the bytes of a `config.json`. `where` names the caller in errors, `path` the file. */
export function parseConfigFile(where: string, path: string, bytes: Uint8Array): unknown {
  return parseVersionedJson(bytes, configFormat, { where, path, kind: "a gmlp model's", needed: ['model'] })['model'];
}

/** The whole files of a model by name: what `writeModelDirectory` writes, for where there is no file system. */
export function encodeModelFiles(model: ModelDirectory): Map<string, Uint8Array<ArrayBuffer>> {
  const files = modelFiles('encodeModelFiles', model);
  return new Map([...files].map(([name, content]) => [name, wholeFile(content)]));
}

function wholeFile(content: FileContent): Uint8Array<ArrayBuffer> {
  const parts = partsOf(content);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A file's content part by part, as bytes. */
export function partsOf(content: FileContent): readonly Uint8Array[] {
  if (typeof content === 'string') return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}
