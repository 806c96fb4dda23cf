/** The thread that decodes and transforms: encoded pictures come in, values go out. It keeps nothing of a picture. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeError, key } from '@gmlp/base';
import type { Pixels } from '../pixels/pixels.ts';
import { evaluationValues } from '../transform/evaluation-transform.ts';
import { type SampleNumber, trainingTransform } from '../transform/training-transform.ts';
import { type DecodeOptions, decodeImage, loadSharp } from './decode-image.ts';
import type { FromImageWorker, ImageTransform, ToImageWorker } from './image-work.ts';

type Values = (picture: Pixels, sample: SampleNumber, into: Float32Array) => unknown;

const { maximumPixels } = workerData as DecodeOptions;
const port = parentPort!;
const sharp = loadSharp();
const transforms = new Map<number, () => Values>();

function valuesOf(of: ImageTransform): Values {
  if (of.kind === 'evaluation') return (picture, _, into) => evaluationValues(picture, of, { flipped: of.flipped, into });
  const apply = trainingTransform(of);
  const root = key(of.seed);
  return (picture, sample, into) => apply(picture, sample, root, into);
}

/** Read when it is first used: what is wrong with it is told to who uses it. */
function once(transform: ImageTransform): () => Values {
  let values: Values | undefined;
  return () => {
    values ??= valuesOf(transform);
    return values;
  };
}

async function answer({ number, image, sample, transform, values }: ToImageWorker & { readonly kind: 'image' }): Promise<void> {
  const say = (message: FromImageWorker): void => port.postMessage(message, [values.buffer]);
  try {
    const write = transforms.get(transform)!();
    write(await decodeImage(image, await sharp, { maximumPixels }), sample, values);
    say({ number, values });
  } catch (error) {
    say({ number, values, error: encodeError(error) });
  }
}

port.on('message', (message: ToImageWorker) => {
  if (message.kind === 'transform') transforms.set(message.id, once(message.transform));
  else void answer(message);
});
