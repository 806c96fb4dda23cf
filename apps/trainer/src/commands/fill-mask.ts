import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { deviceOption } from './device-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly top: number;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly json?: boolean;
}

/** `gmlp fill-mask`: what a saved model puts in the place of each [MASK]. */
export function addFillMask(program: Command, io: Io): void {
  program
    .command('fill-mask')
    .description('show what a saved model puts in the place of each [MASK] of a text')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .argument('<text...>', 'texts, each with one [MASK] or more')
    .option('--top <number>', 'how many guesses for each mask', wholeNumber(1), 5)
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--json', 'print JSON')
    .action(async (path: string, texts: string[], { top, device: name, ema = false, json = false }: Flags) => {
      const [{ openDevice }, { formatFilledMask }] = await Promise.all([
        import('@gmlp/devices/node'),
        import('../format-filled-mask.ts'),
      ]);
      const [{ openSavedModel }, { loadLanguageModel }] = await Promise.all([
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/load-language-model.ts'),
      ]);
      const { maskFiller } = await import('../saved-model/mask-filler.ts');
      const { directory, model } = await openSavedModel(path, (from) => loadLanguageModel(from, { ema }), io);
      const device = await openDevice(name);
      const filler = maskFiller(device, model);
      try {
        const filled = await filler.fill(texts, { count: top, signal: io.signal });
        io.stdout.write(
          json ? `${JSON.stringify(filled, null, 2)}\n` : printable(filled.map((each) => `${formatFilledMask(each)}\n`).join('')),
        );
        if (!json) io.stderr.write(printable(`${directory} on ${device.name}; a piece that starts with ▁ starts a word\n`));
      } finally {
        await filler.dispose();
        await device.dispose();
      }
    });
}
