/**
 * A BERT as a folder that @huggingface/transformers runs: `config.json`, its tokenizer, and `onnx/model.onnx` for any number of
 * texts of any length. Inputs are those of transformers: `input_ids`, `attention_mask`, and `token_type_ids` where the model has segments.
 */
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type FileContent, makeFolder, writeFilesTogether } from '@gmlp/checkpoint/node';
import { type ExportedInput, exportOnnx } from '@gmlp/compiler';
import { inference } from '@gmlp/layers';
import { type ConfigOf, familyOf } from '@gmlp/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Io } from '../io.ts';
import { ofFile } from '../saved-model/create-saved-model.ts';
import { loadModel } from '../saved-model/load-model.ts';
import { readLabels } from '../tasks/classification/labels-file.ts';
import type { ExportedModel } from './export-model.ts';
import { type PipelineConfig, pipelines, transformersConfig } from './transformers-config.ts';
import { transformersTokenizer } from './transformers-tokenizer.ts';

const modelFile = 'model.onnx';
const externalFile = 'model.onnx_data';

/** What the head gives, by the names that pipelines look for. */
const outputs: Readonly<Record<PipelineConfig['family'], (logits: tf.Tensor) => Readonly<Record<string, tf.Tensor>>>> = {
  bert: (logits) => ({ logits }),
  'sequence-classification': (logits) => ({ logits }),
  'extractive-span': (logits) => {
    const [start, end] = tf.unstack(logits, 1) as [tf.Tensor, tf.Tensor];
    return { start_logits: start, end_logits: end };
  },
};

/** `folder` is made; it may be there if it is empty. */
export async function exportForTransformers(
  directory: string,
  folder: string,
  { signal }: Pick<Io, 'signal'>,
  externalAbove?: number,
): Promise<ExportedModel> {
  const place = resolve(folder);
  await expectEmpty(place);
  const { model, params, modelFiles } = await loadModel(
    directory,
    {},
    {
      families: Object.keys(pipelines) as PipelineConfig['family'][],
      doing: 'a pipeline of @huggingface/transformers runs',
      files: ['tokenizer.json'],
    },
  );
  const config = model.config as PipelineConfig;
  const body = bertOf(directory, config);
  const path = join(directory, 'tokenizer.json');
  const tokenizer = ofFile(path, () => transformersTokenizer(modelFiles.get('tokenizer.json')!, { path, tokens: body.tokens }));
  const labels = config.family === 'sequence-classification' ? readLabels(modelFiles) : undefined;
  const inputs = inputsOf(body);
  const { apply } = familyOf(config).forward(config);
  const forward = (
    weights: unknown,
    { input_ids: ids, attention_mask: mask, token_type_ids: segments }: Readonly<Record<string, tf.Tensor>>,
  ) => outputs[config.family](apply(weights, { ids: ids!, mask: mask!, ...(segments && { segments }) }, inference));
  const { model: onnx, external } = exportOnnx(forward as never, {
    parameters: params,
    inputs,
    externalName: externalFile,
    ...(externalAbove !== undefined && { externalAbove }),
  });
  const described = transformersConfig(config.family, {
    ...{ body, classes: labels?.classes, padding: tokenizer.padding, external: external.length > 0 },
  });
  const beside = external.length > 0 ? [[externalFile, external] as const] : [];
  const graph = new Map<string, FileContent>([...beside, [modelFile, onnx]]);
  const around = new Map<string, FileContent>([
    ['tokenizer.json', tokenizer.tokenizer],
    ['tokenizer_config.json', tokenizer.config],
    ['config.json', `${JSON.stringify(described, null, 2)}\n`],
  ]);
  await makeFolder(join(place, 'onnx'));
  try {
    await writeFilesTogether(join(place, 'onnx'), graph, { signal });
    await writeFilesTogether(place, around, { signal });
  } catch (error) {
    await rm(join(place, 'onnx'), { recursive: true, force: true });
    throw error;
  }
  return {
    files: [
      ...[...graph.keys()].toReversed().map((name) => join(place, 'onnx', name)),
      ...[...around.keys()].map((name) => join(place, name)),
    ],
    bytes: external.reduce((sum, part) => sum + part.length, onnx.length),
    family: config.family,
    inputs,
    output: config.family === 'extractive-span' ? 'start_logits, end_logits' : 'logits',
    pipeline: pipelines[config.family].task,
  };
}

/** A model that is there is not mixed with another one. */
async function expectEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    const problem = cause.code === 'ENOTDIR' ? 'is a file' : `cannot be read: ${cause.message}`;
    throw new GmlpError(
      'invalid-argument',
      `expected a folder for the exported model, but ${folder} ${problem}`,
      { folder },
      { cause },
    );
  });
  if (names.length === 0) return;
  const problem = `${folder} is not empty; name a folder that is not there yet, or a file that ends in .onnx for the model alone`;
  throw new GmlpError('invalid-argument', `expected an empty folder for the exported model, but ${problem}`, { folder });
}

function bertOf(directory: string, config: PipelineConfig): ConfigOf<'bert'> {
  const body = config.family === 'bert' ? config : config.body;
  const refused = (what: string, why: string): GmlpError =>
    new GmlpError(
      'invalid-argument',
      `${directory} has ${what}, which no pipeline of @huggingface/transformers runs: ${why}; name a file that ends in .onnx for the model alone`,
      { directory },
    );
  if (body.family !== 'bert') throw refused(`the body of a ${body.family}`, 'its texts are all of one length');
  if (body.positions !== 'absolute') throw refused('relative positions', 'its table of distances is made for one length');
  return body;
}

function inputsOf({ segments }: ConfigOf<'bert'>): Readonly<Record<string, ExportedInput>> {
  const input: ExportedInput = { dtype: 'int32', shape: ['batch', 'tokens'], given: 'int64' };
  return { input_ids: input, attention_mask: input, ...(segments > 0 && { token_type_ids: input }) };
}
