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
    .description('write a model as an ONNX file: standard operators of set 20, parameters inside, any batch size')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option(
      '--onnx [file]',
      'where the file goes (default: model.onnx in that folder); parameters above 2 GB go to a file beside it',
    )
    .option('--json', 'print JSON')
    .action(async (path: string, { onnx = true, json = false }: Flags) => {
      const [{ exportModel }, { findModel }] = await Promise.all([
        import('../export/export-model.ts'),
        import('../saved-model/find-model.ts'),
      ]);
      const { directory, refused } = await findModel(path);
      for (const reason of refused) io.stderr.write(`passed over: ${printable(reason)}\n`);
      const exported = await exportModel(directory, onnx === true ? join(path, 'model.onnx') : onnx, io);
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
