import { GmlpError, listedNames } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices/node';
import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import type { Prediction } from '../predict/predict-images.ts';
import type { LineFormat } from '../predict/predict-texts.ts';
import { printableJson } from '../printable.ts';
import { deviceOption } from './device-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly top: number;
  readonly flip?: boolean;
  readonly names?: string;
  readonly format?: LineFormat;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly json?: boolean;
}

/** Of images that could not be read, in the last line. */
const mostNamed = 20;

/** `gmlp predict`: the likeliest classes of images, or those of texts. */
export function addPredict(program: Command, io: Io): void {
  program
    .command('predict')
    .description(
      'say what images show, which class texts are of, or what in them answers questions, by a saved model, with probabilities',
    )
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .argument(
      '<file...>',
      'images, folders of them, or - for the bytes of one image on standard input; files of texts (.tsv, .csv, .jsonl, or .txt with a text a line), or - for lines; JSON lines with a question and its context',
    )
    .option('--top <number>', 'of images: how many classes of each', wholeNumber(1), 5)
    .addOption(
      new Option(
        '--format <name>',
        'of texts on standard input, or in files of other names (default: text, one a line; of questions jsonl)',
      ).choices(textFormats),
    )
    .option('--flip', 'of images: take the mean of what the model says of an image and of its mirror image')
    .option('--names <file>', 'of images: words for the classes, as ImageNet’s synset_words.txt has them')
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--json', 'print a line of JSON for each image; of texts it always is')
    .action(async (path: string, paths: string[], flags: Flags) => {
      const [{ openSavedModel }, { askedOfTexts }] = await Promise.all([
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/asked-of-texts.ts'),
      ]);
      const { directory, model: asked } = await openSavedModel(path, askedOfTexts, io);
      await (asked === undefined ? ofImages : asked === 'class' ? ofTexts : ofQuestions)(directory, paths, flags, io);
    });
}

const textFormats = ['text', 'jsonl', 'tsv', 'csv'] as const satisfies readonly LineFormat[];

async function ofTexts(
  directory: string,
  paths: readonly string[],
  { format, device: name, ema = false }: Flags,
  io: Io,
): Promise<void> {
  const [{ openDevice }, { loadTextClassifier }, { textClassifier }, { predictTexts }] = await Promise.all([
    import('@gmlp/devices/node'),
    import('../saved-model/load-text-classifier.ts'),
    import('../saved-model/text-classifier.ts'),
    import('../predict/predict-texts.ts'),
  ]);
  const model = await loadTextClassifier(directory, { ema });
  const device = await openDevice(name);
  const classifier = textClassifier(device, model);
  let [count, bad, cut] = [0, 0, 0];
  try {
    for await (const prediction of predictTexts(paths, model, { classifier, stdin: io.stdin, format, signal: io.signal })) {
      count++;
      if ('error' in prediction) bad++;
      else if (prediction.cut !== undefined) cut++;
      io.stdout.write(printableJson(`${JSON.stringify(prediction)}\n`));
    }
  } finally {
    await classifier.dispose();
    await device.dispose();
  }
  if (cut > 0) io.stderr.write(`texts longer than the model reads, of which the end was not judged: ${cut} of ${count}\n`);
  if (bad > 0) throw new GmlpError('invalid-data', `predict: ${bad} of ${count} texts could not be read`, { bad, count });
}

async function ofQuestions(
  directory: string,
  paths: readonly string[],
  { format, device: name, ema = false }: Flags,
  io: Io,
): Promise<void> {
  const [{ openDevice }, { loadQuestionAnswerer }, { questionAnswerer }, { predictAnswers }] = await Promise.all([
    import('@gmlp/devices/node'),
    import('../saved-model/load-question-answerer.ts'),
    import('../saved-model/question-answerer.ts'),
    import('../predict/predict-answers.ts'),
  ]);
  const model = await loadQuestionAnswerer(directory, { ema });
  const device = await openDevice(name);
  const answerer = questionAnswerer(device, model);
  let [count, bad] = [0, 0];
  try {
    for await (const prediction of predictAnswers(paths, { answerer, stdin: io.stdin, format, signal: io.signal })) {
      count++;
      if ('error' in prediction) bad++;
      io.stdout.write(printableJson(`${JSON.stringify(prediction)}\n`));
    }
  } finally {
    await answerer.dispose();
    await device.dispose();
  }
  if (bad > 0) throw new GmlpError('invalid-data', `predict: ${bad} of ${count} questions could not be read`, { bad, count });
}

async function ofImages(
  directory: string,
  paths: readonly string[],
  { top, flip = false, names, device: name, ema = false, json = false }: Flags,
  io: Io,
): Promise<void> {
  const [
    { openDevice },
    { openImagePool },
    { loadImageModel },
    { imageClassifier },
    { isFolder, listedImages },
    { predictImages },
  ] = await Promise.all([
    import('@gmlp/devices/node'),
    import('@gmlp/vision/node'),
    import('../saved-model/load-image-model.ts'),
    import('../saved-model/image-classifier.ts'),
    import('../predict/listed-images.ts'),
    import('../predict/predict-images.ts'),
  ]);
  const model = await loadImageModel(directory, { ema, names });
  let passedOver = 0;
  const images = listedImages(paths, { stdin: io.stdin, onPassedOver: () => passedOver++ });
  const device = await openDevice(name);
  const one = paths.length === 1 && !(await isFolder(paths[0]!));
  const pool = openImagePool(one ? { workers: 1 } : {});
  const classifier = imageClassifier(device, model, { flip });
  const unread: string[] = [];
  let [count, bad] = [0, 0];
  try {
    for await (const prediction of predictImages(images, model, { pool, classifier, top, signal: io.signal })) {
      count++;
      if ('error' in prediction && bad++ < mostNamed) unread.push(prediction.image);
      io.stdout.write(json ? `${JSON.stringify(prediction)}\n` : inWords(prediction));
    }
  } finally {
    await classifier.dispose();
    await pool.close();
    await device.dispose();
  }
  if (!json) io.stderr.write(`${directory} on ${device.name}\n`);
  if (passedOver > 0) io.stderr.write(`passed over as no images by their names: ${passedOver} files\n`);
  if (bad > 0) {
    const names = `${listedNames(unread)}${bad > mostNamed ? ', …' : ''}`;
    throw new GmlpError('invalid-data', `predict: ${bad} of ${count} images could not be read: ${names}`, { bad, count });
  }
}

function inWords(prediction: Prediction): string {
  if ('error' in prediction) return `${prediction.image}\n  could not be read: ${prediction.error}\n`;
  const lines = prediction.classes.map(({ name, probability }) => `  ${(100 * probability).toFixed(1).padStart(5)} %  ${name}\n`);
  return `${prediction.image}\n${lines.join('')}`;
}
