import { GmlpError, listedNames } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Prediction } from '../predict/predict-images.ts';
import { deviceOption } from './device-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly top: number;
  readonly flip?: boolean;
  readonly device: DeviceName | 'auto';
  readonly ema?: boolean;
  readonly json?: boolean;
}

/** Of images that could not be read, in the last line. */
const mostNamed = 20;

/** `gmlp predict`: the likeliest classes of images. */
export function addPredict(program: Command, io: Io): void {
  program
    .command('predict')
    .description('say what images show: the likeliest classes of each by a saved model, with their probabilities')
    .argument('<model>', 'the folder of a run, a model or a checkpoint')
    .argument('<image...>', 'images, folders of them, or - for the bytes of one image on standard input')
    .option('--top <number>', 'how many classes of each image', wholeNumber(1), 5)
    .option('--flip', 'take the mean of what the model says of an image and of its mirror image')
    .addOption(deviceOption())
    .option('--ema', 'use the running average of the parameters')
    .option('--json', 'print a line of JSON for each image')
    .action(async (path: string, paths: string[], { top, flip = false, device: name, ema = false, json = false }: Flags) => {
      const [
        { openDevice },
        { openImagePool },
        { openSavedModel },
        { loadImageModel },
        { imageClassifier },
        { isFolder, listedImages },
        { predictImages },
      ] = await Promise.all([
        import('@gmlp/devices/node'),
        import('@gmlp/vision/node'),
        import('../saved-model/open-saved-model.ts'),
        import('../saved-model/load-image-model.ts'),
        import('../saved-model/image-classifier.ts'),
        import('../predict/listed-images.ts'),
        import('../predict/predict-images.ts'),
      ]);
      const { directory, model } = await openSavedModel(path, (from) => loadImageModel(from, { ema }), io);
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
    });
}

function inWords(prediction: Prediction): string {
  if ('error' in prediction) return `${prediction.image}\n  could not be read: ${prediction.error}\n`;
  const lines = prediction.classes.map(({ name, probability }) => `  ${(100 * probability).toFixed(1).padStart(5)} %  ${name}\n`);
  return `${prediction.image}\n${lines.join('')}`;
}
