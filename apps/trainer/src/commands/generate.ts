import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { decimalNumber } from './decimal-number.ts';
import { deviceOption } from './device-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
  readonly greedy?: boolean;
  readonly tokens?: number;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly json?: boolean;
}

/** `gmlp generate`: what a saved causal model writes after a prompt. */
export function addGenerate(program: Command, io: Io): void {
  program
    .command('generate')
    .description('go on with a text by a saved causal model (task next-token)')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .argument('<prompt>', 'how the text begins')
    .option('--temperature <number>', 'below 1 for likelier tokens, above 1 for more surprising ones', decimalNumber, 1)
    .option('--top-k <number>', 'draw from so many of the likeliest tokens', wholeNumber(1))
    .option('--top-p <number>', 'draw from the fewest tokens that hold so much of the probability', decimalNumber)
    .option('--seed <number>', 'the same seed gives the same text', wholeNumber(0), 0)
    .option('--greedy', 'take the likeliest token each time, and draw none')
    .option('--tokens <number>', 'the most tokens to write (default: as many as the model has room for)', wholeNumber(1))
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--json', 'print JSON')
    .action(async (path: string, prompt: string, flags: Flags) => {
      const { temperature, topK, topP, seed, greedy = false, tokens: maximumTokens, ema = false, json = false } = flags;
      const [{ key }, { openDevice }] = await Promise.all([import('@gmlp/base'), import('@gmlp/devices/node')]);
      const [{ openSavedModel }, { loadLanguageModel }] = await Promise.all([
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/load-language-model.ts'),
      ]);
      const { generateText } = await import('../saved-model/generate-text.ts');
      const { directory, model } = await openSavedModel(path, (from) => loadLanguageModel(from, { ema }), io);
      const device = await openDevice(flags.device);
      try {
        const sampling = greedy ? undefined : { key: key(seed), temperature, topK, topP };
        const written = await generateText(device, model, prompt, { maximumTokens, sampling, signal: io.signal });
        io.stdout.write(json ? `${JSON.stringify(written, null, 2)}\n` : `${printable(written.text)}\n`);
        const full = written.pieces.length === maximumTokens ? 'as many as --tokens allows' : 'all that the model has room for';
        const end = written.ended ? 'ended by the model' : full;
        if (!json) io.stderr.write(printable(`${directory} on ${device.name}: ${written.pieces.length} tokens, ${end}\n`));
      } finally {
        await device.dispose();
      }
    });
}
