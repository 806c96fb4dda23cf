import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { deviceOption } from './device-option.ts';

interface Flags {
  readonly out?: string;
  readonly text?: string;
  readonly device: DeviceName | 'auto';
  readonly json?: boolean;
}

/** `gmlp inspect`: a model as a tree, and its spatial weights as pictures. */
export function addInspect(program: Command, io: Io): void {
  program
    .command('inspect')
    .description('print a saved model as a tree, and write a page of its spatial weights')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option('--out <file>', 'where the page goes (default: inspect.html in that folder)')
    .option('--text <sentence>', 'show on it what the tiny attention of an aMLP attends to')
    .addOption(deviceOption())
    .option('--json', 'print JSON')
    .action(async (path: string, { out, text, device: name, json = false }: Flags) => {
      const [
        { join, resolve },
        { writeFileAtomically },
        { findModel },
        { inspectModel },
        { inspectPage, withoutSpatialWeights },
      ] = await Promise.all([
        import('node:path'),
        import('@gmlp/checkpoint/node'),
        import('../saved-model/find-model.ts'),
        import('../inspect/inspect-model.ts'),
        import('../inspect/inspect-page.ts'),
      ]);
      const { directory, refused } = await findModel(path);
      for (const reason of refused) io.stderr.write(`passed over: ${printable(reason)}\n`);
      const model = await inspectModel(directory);
      const attention =
        text === undefined
          ? undefined
          : await import('../inspect/attention-on-text.ts').then(({ attentionOnText }) => attentionOnText(model, text, name));
      const file = resolve(out ?? join(path, 'inspect.html'));
      await writeFileAtomically(file, inspectPage({ model, ...(attention && { attention }) }), { signal: io.signal });
      const { config, parameters, shapes, spatial, tree } = model;
      if (json) {
        const tensors = Array.from(shapes, ([parameter, shape]) => ({ name: parameter, shape }));
        const matrices = spatial.map(({ name: parameter, block, form }) => ({ name: parameter, block, form }));
        const printed = {
          model: directory,
          family: config.family,
          config,
          parameters,
          tensors,
          spatial: matrices,
          attention: attention?.pieces,
          page: file,
        };
        io.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
        return;
      }
      const lines = [printable(directory), `family  ${config.family}`, `config  ${JSON.stringify(config)}`, '', tree, ''];
      if (spatial.length === 0) lines.push(withoutSpatialWeights(config.family));
      io.stdout.write(`${lines.join('\n')}\nwrote ${printable(file)}\n`);
    });
}
