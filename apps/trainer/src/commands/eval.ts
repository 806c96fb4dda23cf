import { figuresToJson, formatNumber } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { deviceOption } from './device-option.ts';
import { onBadOption } from './on-bad-option.ts';

interface Flags {
  readonly data?: string;
  readonly onBad?: OnBad;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly flip?: boolean;
  readonly json?: boolean;
}

/** `gmlp eval`: the figures of a saved model. */
export function addEval(program: Command, io: Io): void {
  program
    .command('eval')
    .description(
      'measure a saved model by the figures of its task (loss and perplexity, words restored, top-1 accuracy) on the held-out data of its run, or on yours',
    )
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option(
      '--data <path>',
      'a text (.txt, .md) or a folder of them, a shard of C4 (.json.gz) or a folder of shards; images in a folder with a folder for each class, or a tar of one',
    )
    .addOption(onBadOption())
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--flip', 'of images: measure the mean of what is said of an image and of its mirror image')
    .option('--json', 'print JSON')
    .action(async (path: string, { data, onBad, device: name, ema = false, flip = false, json = false }: Flags) => {
      const [
        { openSavedModel },
        { loadModel },
        { evaluateModel },
        { openDevice },
        { progressLine },
        { taskOf },
        { shownFigure },
        { stageProgress },
        { leftOutInWords },
      ] = await Promise.all([
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/load-model.ts'),
        import('../saved-model/evaluate-model.ts'),
        import('@gmlp/devices/node'),
        import('@gmlp/training/node'),
        import('../tasks/table.ts'),
        import('../tasks/shown-figures.ts'),
        import('../tasks/text/stage-progress.ts'),
        import('../tasks/text/left-out.ts'),
      ]);
      const { directory, run, model } = await openSavedModel(path, (from) => loadModel(from, { ema }), io);
      const device = await openDevice(name);
      const progress = progressLine({ stream: io.stderr });
      try {
        const onBatch = stageProgress(progress, 'batches', io.now);
        const {
          task: name,
          figures,
          count,
        } = await evaluateModel(device, model, {
          run,
          data,
          onBad,
          flip,
          onLeftOut: (leftOut) => progress.print(`left out: ${leftOutInWords(leftOut)}`),
          progress,
          now: io.now,
          signal: io.signal,
          onBatch,
        });
        progress.clear();
        const { figures: shown, counted } = taskOf(name);
        if (json) {
          const result = { model: directory, device: device.name, ema, ...(flip && { flip }), ...figures, [counted.name]: count };
          io.stdout.write(`${figuresToJson(result, 2)}\n`);
          return;
        }
        const width = Math.max(...shown.map(({ label }) => label.length));
        const lines = shown.map((figure) => `${figure.label.padEnd(width)} ${shownFigure(figure, figures[figure.name]!)}`);
        const head = `${directory}${ema ? ', averaged parameters' : ''}${flip ? ', with mirror images' : ''} on ${device.name}`;
        io.stdout.write(`${[head, ...lines, `on ${formatNumber(count)} ${counted.label}`].join('\n')}\n`);
      } finally {
        progress.clear();
        await device.dispose();
      }
    });
}
