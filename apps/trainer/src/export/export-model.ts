/** A model directory as an ONNX file that other programs run: tokens or images in, the head's scores out, any batch size. */
import { basename, dirname, join, resolve } from 'node:path';
import { GmlpError, type HostArray } from '@gmlp/base';
import { type FileContent, readModelDirectory, writeFilesTogether } from '@gmlp/checkpoint/node';
import { type ExportedInput, exportOnnx } from '@gmlp/compiler';
import { inference, loadStrict } from '@gmlp/layers';
import { familyOf } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Io } from '../io.ts';
import { createSavedModel, ofFile } from '../saved-model/create-saved-model.ts';

export interface ExportedModel {
  /** The files that were written, the model first. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly family: string;
  readonly inputs: Readonly<Record<string, ExportedInput>>;
  readonly output: string;
  /** Of a folder for @huggingface/transformers: which of its pipelines runs it. */
  readonly pipeline?: string;
}

/** The name of the one output. */
const output = 'logits';

/** `io` is asked for its signal when the file is written: until then Ctrl-C ends the command at once. */
export async function exportModel(
  directory: string,
  file: string,
  io: Pick<Io, 'signal'>,
  externalAbove?: number,
): Promise<ExportedModel> {
  if (!file.endsWith('.onnx')) {
    throw new GmlpError('invalid-argument', `exportModel: expected a file whose name ends in .onnx, got ${file}`, { file });
  }
  const { config: given, tensors } = await readModelDirectory(directory);
  const { config } = createSavedModel(directory, given);
  const family = familyOf(config);
  const { spec, apply } = family.forward(config);
  const inputs = family.inputs(config);
  const parameters = ofFile(directory, () => loadStrict(spec, tensors as ReadonlyMap<string, HostArray>));
  const path = resolve(file);
  const externalName = `${basename(path)}.data`;
  const { model, external } = exportOnnx(
    ((params: unknown, named: Record<string, Tensor>) => ({ [output]: apply(params, named, inference) })) as never,
    {
      parameters,
      inputs,
      externalName,
      ...(externalAbove !== undefined && { externalAbove }),
    },
  );
  const files = external.length > 0 ? [path, join(dirname(path), externalName)] : [path];
  const beside = external.length > 0 ? [[externalName, external] as const] : [];
  // The model, which names the other file, comes last: it is never there beside an earlier export's weights.
  await writeFilesTogether(dirname(path), new Map<string, FileContent>([...beside, [basename(path), model]]), {
    replaced: (name) => name === externalName,
    signal: io.signal,
  });
  const bytes = external.reduce((sum, part) => sum + part.length, model.length);
  return { files, bytes, family: config.family, inputs, output };
}
