import { join } from 'node:path';
import { formatNumber } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';

interface Flags {
  /** `true` where no file is named. */
  readonly onnx?: string | true;
  readonly json?: boolean;
}

/** `gmlp export`: a model for other programs. */
export function addExport(program: Command, io: Io): void {
  program
    .command('export')
    .description(
      'write a model as an ONNX file, or a BERT as a folder for @huggingface/transformers: standard operators of set 20, any batch size',
    )
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option(
      '--onnx [place]',
      'a file that ends in .onnx (default: model.onnx in that folder), or of a BERT a new folder that @huggingface/transformers runs; parameters above 2 GB go to a file beside the model',
    )
    .option('--json', 'print JSON')
    .action(async (path: string, { onnx = true, json = false }: Flags) => {
      const [{ exportModel }, { exportForTransformers }, { findModel }] = await Promise.all([
        import('../export/export-model.ts'),
        import('../export/export-for-transformers.ts'),
        import('../saved-model/find-model.ts'),
      ]);
      const { directory, refused } = await findModel(path);
      for (const reason of refused) io.stderr.write(`passed over: ${printable(reason)}\n`);
      const place = onnx === true ? join(path, 'model.onnx') : onnx;
      const exported = await (place.endsWith('.onnx') ? exportModel : exportForTransformers)(directory, place, io);
      if (json) {
        io.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
        return;
      }
      const inputs = Object.entries(exported.inputs).map(
        ([name, { dtype, given = dtype, shape }]) => `${name} ${given} [${shape.join(', ')}]`,
      );
      io.stdout.write(
        [
          ...exported.files.map((file) => `wrote ${file}`),
          `${formatNumber(exported.bytes / 1e6)} MB, a ${exported.family}: ${inputs.join(', ')} -> ${exported.output}`,
          ...(exported.pipeline === undefined
            ? []
            : [`pipeline('${exported.pipeline}') of @huggingface/transformers runs the folder ${place}`]),
          '',
        ].join('\n'),
      );
    });
}
