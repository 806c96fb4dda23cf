import { join } from 'node:path';
import type { Command } from 'commander';
import type { Io } from '../io.ts';

interface Flags {
  /** `true` where no file is named. */
  readonly onnx: string | true;
  readonly json?: boolean;
}

/** `gmlp export`: a model for other programs. */
export function addExport(program: Command, io: Io): void {
  program
    .command('export')
    .description('write a model as an ONNX file: standard operators of set 20, parameters inside, any batch size')
    .argument('<directory>', 'a model directory, or a checkpoint of a run')
    .requiredOption(
      '--onnx [file]',
      'where the file goes (default: model.onnx in that directory); parameters above 2 GB go to a file beside it',
    )
    .option('--json', 'print JSON')
    .action(async (directory: string, { onnx, json = false }: Flags) => {
      const [{ exportModel }, { formatNumber }] = await Promise.all([
        import('../export/export-model.ts'),
        import('@gmlp/training'),
      ]);
      const exported = await exportModel(directory, onnx === true ? join(directory, 'model.onnx') : onnx);
      if (json) {
        io.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
        return;
      }
      const inputs = Object.entries(exported.inputs).map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join(', ')}]`);
      io.stdout.write(
        [
          ...exported.files.map((file) => `wrote ${file}`),
          `${formatNumber(exported.bytes / 1e6)} MB, a ${exported.family}: ${inputs.join(', ')} -> ${exported.output}`,
          '',
        ].join('\n'),
      );
    });
}
