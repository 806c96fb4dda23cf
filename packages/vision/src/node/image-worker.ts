/** The thread that decodes and transforms: encoded pictures come in, values go out. It keeps nothing of a picture. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeError, key } from '@gmlp/base';
import type { Pixels } from '../pixels/pixels.ts';
import { evaluationValues } from '../transform/evaluation-transform.ts';
import { type SampleNumber, trainingTransform } from '../transform/training-transform.ts';
import { type DecodeOptions, decodeImage, loadSharp } from './decode-image.ts';
import type { FromImageWorker, ImageTransform, ToImageWorker } from './image-work.ts';

type Values = (picture: Pixels, sample: SampleNumber) => Float32Array;

const { maximumPixels } = workerData as DecodeOptions;
const port = parentPort!;
const sharp = loadSharp();
const transforms = new Map<number, () => Values>();

function valuesOf(of: ImageTransform): Values {
  if (of.kind === 'evaluation') return (picture) => evaluationValues(picture, of, { flipped: of.flipped ?? false });
  const apply = trainingTransform(of);
  const root = key(of.seed);
  return (picture, sample) => apply(picture, sample, root);
}

/** Read when it is first used: what is wrong with it is told to who uses it. */
function once(transform: ImageTransform): () => Values {
  let values: Values | undefined;
  return () => {
    values ??= valuesOf(transform);
    return values;
  };
}

async function answer({ number, image, sample, transform }: ToImageWorker & { readonly kind: 'image' }): Promise<void> {
  try {
    const values = transforms.get(transform)!();
    const result = values(await decodeImage(image, await sharp, { maximumPixels }), sample);
    port.postMessage({ number, values: result } satisfies FromImageWorker, [result.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ number, error: encodeError(error) } satisfies FromImageWorker);
  }
}

port.on('message', (message: ToImageWorker) => {
  if (message.kind === 'transform') transforms.set(message.id, once(message.transform));
  else void answer(message);
});
