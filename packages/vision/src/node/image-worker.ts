/** The thread that decodes and transforms: encoded pictures come in, values go out. It keeps nothing between two. */
import { parentPort, workerData } from 'node:worker_threads';
import { key } from '@gmlp/base';
import { evaluationValues } from '../transform/evaluation-transform.ts';
import { type SampleNumber, trainingTransform } from '../transform/training-transform.ts';
import { decodeImage, loadSharp } from './decode-image.ts';
import type { FromImageWorker, ImageWork, ToImageWorker } from './image-work.ts';
import { encodeWorkError } from './image-work.ts';

const { transform, maximumPixels } = workerData as ImageWork;
const port = parentPort!;
const sharp = loadSharp();
const values = valuesOf(transform);

function valuesOf(
  of: ImageWork['transform'],
): (picture: Parameters<typeof evaluationValues>[0], sample: SampleNumber) => Float32Array {
  if (of.kind === 'evaluation') return (picture) => evaluationValues(picture, of, { flipped: of.flipped ?? false });
  const apply = trainingTransform(of);
  const root = key(of.seed);
  return (picture, sample) => apply(picture, sample, root);
}

port.on('message', ({ number, image, sample }: ToImageWorker) => {
  void (async () => {
    try {
      const result = values(await decodeImage(image, await sharp, { maximumPixels }), sample);
      port.postMessage({ number, values: result } satisfies FromImageWorker, [result.buffer as ArrayBuffer]);
    } catch (error) {
      port.postMessage({ number, error: encodeWorkError(error) } satisfies FromImageWorker);
    }
  })();
});
