/**
 * The forms in which models are published: how each is told by its `config.json`, and how it is read, from a directory or from
 * memory. Strict: every parameter must be there, in its shape, and nothing besides.
 */
import { GmlpError, type HostArray, type MapLeaves } from '@gmlp/base';
import { decodeSafetensors, modelFileNames, parseConfigFile } from '@gmlp/checkpoint';
import { loadStrict, type Parameter } from '@gmlp/layers';
import { type ImagePreprocessing, parsePreprocessing } from '@gmlp/vision';
import { type CreatedModel, createModel } from './create-model.ts';
import type { FamilyName, ModelOf, ModelOptions } from './families.ts';
import { shown } from './parse-config.ts';
import { type HuggingFaceBertModel, readHuggingFaceBert } from './weight-names/hugging-face-bert.ts';
import { huggingFaceBertArchitecture, huggingFaceBertOptions } from './weight-names/hugging-face-bert-config.ts';
import { readTimm, type TimmModel } from './weight-names/timm.ts';
import { timmOptions } from './weight-names/timm-config.ts';
import { timmPreprocessing } from './weight-names/timm-preprocessing.ts';
import { wordPieceTokenizer } from './weight-names/word-piece-tokenizer.ts';

/** A model with its parameters in the host's memory; of whichever family when that is only known when it runs. */
export type PretrainedModel<F extends FamilyName = FamilyName> = F extends FamilyName
  ? CreatedModel<F> & {
      /** Trained parameters; `device.put(params)` makes tensors of them. */
      readonly params: MapLeaves<ModelOf<F>['spec'], Parameter, HostArray>;
      /**
       * The text of the `tokenizer.json` that came with a language model, which `loadTokenizer` of `@gmlp/text` reads. Of an older
       * BERT, which has a `vocab.txt` in its place, the same in that form.
       */
      readonly tokenizer?: string;
      /**
       * What a picture goes through before a model of images, and its classes in the order of its outputs; those are none where a
       * model of timm does not name them.
       */
      readonly preprocessing?: ImagePreprocessing;
    }
  : never;

/** Where the files of a model are. */
export interface ModelSource {
  /** For messages: the directory, and its `config.json`. */
  readonly name: string;
  readonly configName: string;
  readonly config: Uint8Array;
  tensors(): Promise<ReadonlyMap<string, HostArray>>;
  /** Of one of its other files, if it has that. */
  text(name: string): Promise<string | undefined>;
}

interface PretrainedFormat {
  /** For messages. */
  readonly name: string;
  /** What a config of it has, for example. */
  readonly example: string;
  /** Whether a `config.json` is of this format. It may hold anything yet: reading checks it. */
  recognises(config: Readonly<Record<string, unknown>>): boolean;
  read(source: ModelSource, config: Readonly<Record<string, unknown>>): Promise<PretrainedModel>;
}

const ownFormat: PretrainedFormat = {
  name: 'a gmlp model',
  example: '"format": "gmlp-model"',
  recognises: ({ format }) => format === 'gmlp-model',
  async read(source) {
    const created = createModel(parseConfigFile('readPretrained', source.configName, source.config) as ModelOptions);
    const params = loadStrict<unknown>(created.module.spec, await source.tensors());
    const text = await source.text(modelFileNames.preprocessing);
    const preprocessing = text === undefined ? {} : { preprocessing: parsePreprocessing(text) };
    const tokenizer = await source.text(modelFileNames.tokenizer);
    return withTokenizer({ ...created, params, ...preprocessing } as PretrainedModel, tokenizer);
  },
};

/** The first that recognises a config reads it. A further format is a further row. */
const formats: readonly PretrainedFormat[] = [
  ownFormat,
  {
    name: 'an image model of timm',
    example: '"architecture": "gmlp_s16_224"',
    recognises: ({ architecture }) => typeof architecture === 'string',
    async read(source, config) {
      const created = createModel(timmOptions(config));
      const params = readTimm(created as TimmModel<unknown>, await source.tensors());
      const preprocessing = timmPreprocessing(config);
      return { ...created, params, ...(preprocessing && { preprocessing }) } as PretrainedModel;
    },
  },
  {
    name: 'a BERT of Hugging Face',
    example: '"model_type": "bert"',
    recognises: ({ model_type }) => model_type === 'bert',
    async read(source, config) {
      const tensors = await source.tensors();
      const pooler = ['bert.pooler', 'pooler'].some((name) => tensors.has(`${name}.dense.weight`));
      const options = huggingFaceBertOptions(config, { pooler, architecture: huggingFaceBertArchitecture(tensors.keys()) });
      const created = createModel(options);
      const params = readHuggingFaceBert(created as HuggingFaceBertModel<unknown, unknown>, tensors);
      return withTokenizer({ ...created, params } as PretrainedModel, await huggingFaceTokenizer(source));
    },
  },
];

const withTokenizer = (model: PretrainedModel, tokenizer: string | undefined): PretrainedModel =>
  tokenizer === undefined ? model : { ...model, tokenizer };

async function huggingFaceTokenizer(source: ModelSource): Promise<string | undefined> {
  const whole = await source.text(modelFileNames.tokenizer);
  if (whole !== undefined) return whole;
  const vocabulary = await source.text('vocab.txt');
  return vocabulary === undefined ? undefined : wordPieceTokenizer(vocabulary, await source.text('tokenizer_config.json'));
}

/** Whether a `config.json` is of a model that another implementation published, in a form that `loadPretrained` reads. */
export function isForeignConfig(config: unknown): boolean {
  if (typeof config !== 'object' || config === null) return false;
  const format = formats.find((each) => each.recognises(config as Readonly<Record<string, unknown>>));
  return format !== undefined && format !== ownFormat;
}

/** Reads a model of any of these formats; `where` names the caller in errors. */
export async function readPretrained(where: string, source: ModelSource): Promise<PretrainedModel> {
  const config = parseConfig(where, source);
  const format = formats.find((each) => each.recognises(config));
  if (format === undefined) throw unknownFormat(where, source, config);
  return format.read(source, config).catch((error: unknown) => {
    if (!GmlpError.isInstance(error)) throw error;
    const { code, message, fields } = error;
    throw new GmlpError(code, `${where}: ${source.name}, ${format.name}: ${message}`, fields, { cause: error });
  });
}

/**
 * A model from its files in memory, by name: `config.json`, `model.safetensors` and, of a language model, `tokenizer.json`, of one of images `preprocessing.json`. They
 * may come from anywhere; the errors are those of `loadPretrained`.
 */
export async function loadModelFiles(files: ReadonlyMap<string, Uint8Array>): Promise<PretrainedModel> {
  const file = (name: string): Uint8Array => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    const given = [...files.keys()].slice(0, 8).join(', ') || 'nothing';
    throw new GmlpError('not-found', `loadModelFiles: a model has ${name} among its files, got ${given}`, { name });
  };
  const text = (name: string): string | undefined => {
    const bytes = files.get(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  return readPretrained('loadModelFiles', {
    name: 'the files',
    configName: modelFileNames.config,
    config: file(modelFileNames.config),
    tensors: async () => decodeSafetensors(file(modelFileNames.tensors), modelFileNames.tensors).tensors,
    text: async (name) => text(name),
  });
}

function parseConfig(where: string, source: ModelSource): Readonly<Record<string, unknown>> {
  const { configName: path } = source;
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `${where}: ${path} ${problem}`, { path });
  let config: unknown;
  try {
    config = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source.config));
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw fail(`holds ${shown(config)}, expected an object`);
  }
  return config as Readonly<Record<string, unknown>>;
}

/** By these a config tells who wrote it. */
const telling = ['format', 'model_type', 'architectures', 'architecture', 'library_name'];

function unknownFormat(
  where: string,
  { name: directory, configName }: ModelSource,
  config: Readonly<Record<string, unknown>>,
): GmlpError {
  const told = telling
    .filter((name) => Object.hasOwn(config, name))
    .map((name) => `${JSON.stringify(name)}: ${shown(config[name])}`);
  const names = Object.keys(config);
  const found = told.length > 0 ? told.join(', ') : names.length > 0 ? `the names ${shown(names)}` : 'nothing';
  const known = formats.map(({ name, example }) => `\n  ${name} (${example})`).join('');
  return new GmlpError('invalid-data', `${where}: ${configName} is of no known format: it has ${found}; known are${known}`, {
    directory,
  });
}
