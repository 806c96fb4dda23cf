/** A model directory as an ONNX file that other programs run: tokens or images in, the head's scores out, any batch size. */
import { basename, dirname, join, resolve } from 'node:path';
import { GmlpError, type HostArray } from '@gmlp/base';
import { readModelDirectory, writeFileAtomically } from '@gmlp/checkpoint/node';
import { exportOnnx } from '@gmlp/compiler';
import { inference, loadStrict } from '@gmlp/layers';
import { createModel, familyOf, type InputDescriptions, type ModelOptions } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ExportedModel {
  /** The files that were written, the model first. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly family: string;
  readonly inputs: InputDescriptions;
  readonly output: string;
}

/** The name of the one output. */
const output = 'logits';

export async function exportModel(directory: string, file: string, externalAbove?: number): Promise<ExportedModel> {
  if (!file.endsWith('.onnx')) {
    throw new GmlpError('invalid-argument', `exportModel: expected a file whose name ends in .onnx, got ${file}`, { file });
  }
  const { config: given, tensors } = await readModelDirectory(directory);
  const { config } = createModel(given as ModelOptions);
  const family = familyOf(config);
  const { spec, apply } = family.forward(config);
  const inputs = family.inputs(config);
  const path = resolve(file);
  const externalName = `${basename(path)}.data`;
  const { model, external } = exportOnnx(
    ((params: unknown, named: Record<string, Tensor>) => ({ [output]: apply(params, named, inference) })) as never,
    {
      parameters: loadStrict(spec, tensors as ReadonlyMap<string, HostArray>),
      inputs,
      externalName,
      ...(externalAbove !== undefined && { externalAbove }),
    },
  );
  const files = external.length > 0 ? [path, join(dirname(path), externalName)] : [path];
  if (external.length > 0) await writeFileAtomically(files[1]!, external); // the model that names it comes last
  await writeFileAtomically(path, model);
  const bytes = external.reduce((sum, part) => sum + part.length, model.length);
  return { files, bytes, family: config.family, inputs, output };
}
