import { figuresToJson } from '@gmlp/base';
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
  readonly json?: boolean;
}

/** `gmlp eval`: loss and perplexity of a saved model. */
export function addEval(program: Command, io: Io): void {
  program
    .command('eval')
    .description('measure a saved model: loss and perplexity on the held-out text of its run, or on a text of yours')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option('--data <path>', 'a text (.txt, .md) or a folder of them, a shard of C4 (.json.gz) or a folder of shards')
    .addOption(onBadOption())
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--json', 'print JSON')
    .action(async (path: string, { data, onBad, device: name, ema = false, json = false }: Flags) => {
      const [
        { openSavedModel },
        { isCausal },
        { evaluateModel },
        { openDevice },
        { progressLine },
        { formatNumber },
        { stageProgress },
        { leftOutInWords },
      ] = await Promise.all([
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/load-language-model.ts'),
        import('../saved-model/evaluate-model.ts'),
        import('@gmlp/devices/node'),
        import('@gmlp/training/node'),
        import('@gmlp/training'),
        import('../tasks/text/stage-progress.ts'),
        import('../tasks/text/left-out.ts'),
      ]);
      const { directory, run, model } = await openSavedModel(path, { ema }, io);
      const causal = isCausal(model.config);
      const device = await openDevice(name);
      const progress = progressLine({ stream: io.stderr });
      try {
        const onBatch = stageProgress(progress, 'batches', io.now);
        const { loss, perplexity, count } = await evaluateModel(device, model, {
          run,
          data,
          onBad,
          onLeftOut: (leftOut) => progress.print(`records left out: ${leftOutInWords(leftOut)}`),
          signal: io.signal,
          onBatch,
        });
        progress.clear();
        if (json)
          io.stdout.write(
            `${figuresToJson({ model: directory, device: device.name, ema, loss, perplexity, [causal ? 'nextTokens' : 'maskedTokens']: count }, 2)}\n`,
          );
        else
          io.stdout.write(
            `${directory}${ema ? ', averaged parameters' : ''} on ${device.name}\nloss       ${loss.toFixed(4)}\nperplexity ${formatNumber(perplexity)}\non ${formatNumber(count)} ${causal ? 'next' : 'masked'} tokens\n`,
          );
      } finally {
        progress.clear();
        await device.dispose();
      }
    });
}
