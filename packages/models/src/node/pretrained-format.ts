/** The forms in which models are published: how each is told by its `config.json`, and how it is read. */
import type { HostArray, MapLeaves } from '@gmlp/base';
import { readModelDirectory, readModelTensors } from '@gmlp/checkpoint/node';
import { loadStrict, type Parameter } from '@gmlp/layers';
import { type CreatedModel, createModel } from '../create-model.ts';
import type { FamilyName, ModelOf, ModelOptions } from '../families.ts';
import { type HuggingFaceBertModel, readHuggingFaceBert } from '../weight-names/hugging-face-bert.ts';
import { huggingFaceBertOptions } from '../weight-names/hugging-face-bert-config.ts';
import { readTimm, type TimmModel } from '../weight-names/timm.ts';
import { timmOptions } from '../weight-names/timm-config.ts';

/** A model with its parameters in the host's memory; of whichever family when that is only known when it runs. */
export type PretrainedModel<F extends FamilyName = FamilyName> = F extends FamilyName
  ? CreatedModel<F> & {
      /** Trained parameters; `device.put(params)` makes tensors of them. */
      readonly params: MapLeaves<ModelOf<F>['spec'], Parameter, HostArray>;
      /** The text of the `tokenizer.json` that came with a language model, for `loadTokenizer` of `@gmlp/text`. */
      readonly tokenizer?: string;
    }
  : never;

export interface PretrainedFormat {
  /** For messages. */
  readonly name: string;
  /** Whether a `config.json` is of this format. It may hold anything yet: reading checks it. */
  recognises(config: Readonly<Record<string, unknown>>): boolean;
  read(directory: string, config: Readonly<Record<string, unknown>>): Promise<PretrainedModel>;
}

/** The first that recognises a config reads it. A further format is a further row. */
export const pretrainedFormats: readonly PretrainedFormat[] = [
  {
    name: 'a gmlp model ("format": "gmlp-model")',
    recognises: ({ format }) => format === 'gmlp-model',
    async read(directory) {
      const { config, tensors, tokenizer } = await readModelDirectory(directory);
      const created = createModel(config as ModelOptions);
      const params = loadStrict<unknown>(created.module.spec, tensors);
      return { ...created, params, ...(tokenizer !== undefined && { tokenizer }) } as PretrainedModel;
    },
  },
  {
    name: 'an image model of timm ("architecture": "gmlp_s16_224")',
    recognises: ({ architecture }) => typeof architecture === 'string',
    async read(directory, config) {
      const created = createModel(timmOptions(config));
      const params = readTimm(created as TimmModel<unknown>, await readModelTensors(directory));
      return { ...created, params } as PretrainedModel;
    },
  },
  {
    name: 'a BERT of Hugging Face ("model_type": "bert")',
    recognises: ({ model_type }) => model_type === 'bert',
    async read(directory, config) {
      const tensors = await readModelTensors(directory);
      const options = huggingFaceBertOptions(config, { pooler: tensors.has('bert.pooler.dense.weight') });
      const created = createModel(options);
      const params = readHuggingFaceBert(created as HuggingFaceBertModel<unknown, unknown>, tensors);
      return { ...created, params } as PretrainedModel;
    },
  },
];
