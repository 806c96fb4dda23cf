import { figuresToJson, formatNumber, GmlpError } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Predictions } from '../tasks/task.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { deviceOption } from './device-option.ts';
import { onBadOption } from './on-bad-option.ts';

interface Flags {
  readonly data?: string;
  readonly onBad?: OnBad;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly flip?: boolean;
  readonly predictions?: string;
  readonly naProbFile?: string;
  readonly json?: boolean;
}

/** `gmlp eval`: the figures of a saved model. */
export function addEval(program: Command, io: Io): void {
  program
    .command('eval')
    .description(
      'measure a saved model by the figures of its task (loss and perplexity, words restored, accuracy, exact match and F1 of answers) on the held-out data of its run, or on yours',
    )
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .option(
      '--data <path>',
      'a text (.txt, .md) or a folder of them, a shard of C4 (.json.gz) or a folder of shards; images in a folder with a folder for each class, or a tar of one; classified texts; questions in the JSON of SQuAD',
    )
    .addOption(onBadOption())
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--flip', 'of images: measure the mean of what is said of an image and of its mirror image')
    .option('--predictions <file>', 'of questions: write the answers to a file, as gmlp score reads it')
    .option('--na-prob-file <file>', 'of questions that may have no answer: write how much surer than of an answer it is of none')
    .option('--json', 'print JSON')
    .action(async (path: string, flags: Flags) => {
      const { data, onBad, device: name, ema = false, flip = false, json = false, predictions, naProbFile } = flags;
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
      let said: Predictions | undefined;
      const onPredictions = (all: Predictions): void => {
        said = all;
      };
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
          ...((predictions ?? naProbFile) !== undefined && { onPredictions }),
          onLeftOut: (leftOut) => progress.print(`left out: ${leftOutInWords(leftOut)}`),
          progress,
          now: io.now,
          signal: io.signal,
          onBatch,
        });
        progress.clear();
        if (said !== undefined) await writePredictions(said, { predictions, naProbFile }, io);
        const { figures: usual, furtherFigures = [], counted } = taskOf(name);
        const shown = [...usual, ...furtherFigures.filter(({ name }) => figures[name] !== undefined)];
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

/** What a model says of each sample, as the official scripts read it. */
async function writePredictions(
  { answers, noAnswerOdds }: Predictions,
  { predictions, naProbFile }: { readonly predictions: string | undefined; readonly naProbFile: string | undefined },
  { signal }: Pick<Io, 'signal'>,
): Promise<void> {
  const { writeFileAtomically } = await import('@gmlp/checkpoint/node');
  const write = (path: string, values: ReadonlyMap<string, unknown>): Promise<unknown> =>
    writeFileAtomically(path, `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`, { signal });
  if (predictions !== undefined) await write(predictions, answers);
  if (naProbFile === undefined) return;
  if (noAnswerOdds === undefined) {
    const problem = 'eval: the model gives an answer to every question: leave --na-prob-file out';
    throw new GmlpError('invalid-argument', problem, { naProbFile });
  }
  // A question of which no piece can be an answer has none for sure; JSON has no infinity.
  await write(naProbFile, new Map([...noAnswerOdds].map(([id, odds]) => [id, Math.min(odds, Number.MAX_VALUE)])));
}
