/** A model for images on a device. */
import { expectScores, GmlpError, type HostArray, hostArray, indicesOfLargest, probabilitiesOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { countParameters, inference } from '@gmlp/layers';
import { familyOf, loadModelFiles } from '@gmlp/models';
import { centerCropped, type ImageClass, normalised, type Pixels } from '@gmlp/vision';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelFiles } from '../worker/messages.ts';
import { completePreprocessing } from './image-input.ts';
import type { ClassifiedImage, ClassifierFacts, LikelyClass } from './messages.ts';

export interface Classifier {
  readonly facts: ClassifierFacts;
  classify(picture: Pixels): Promise<ClassifiedImage>;
  dispose(): Promise<void>;
}

const shown = 5;

export async function putClassifier(device: Device, files: ModelFiles): Promise<Classifier> {
  const { config, params, preprocessing } = await loadModelFiles(files);
  if (!('imageSize' in config) || config.inputChannels !== 3) {
    throw new GmlpError(
      'invalid-argument',
      `The model is a ${config.family}; this page takes models that classify colour images.`,
    );
  }
  const { imageSize, head, family } = config;
  const labels = files.get('labels.txt');
  const { classes, transform } = completePreprocessing(preprocessing, labels && new TextDecoder().decode(labels), {
    imageSize,
    classes: head.classes,
  });
  const { spec, apply } = familyOf(config).forward(config);
  const scores = device.compile((values: unknown, image: Tensor) => apply(values, { image }, inference));
  const weights = device.put(params as unknown);
  return {
    facts: { family, device: device.name, parameters: countParameters(spec), imageSize, classes: head.classes },
    async classify(picture) {
      const seen = centerCropped(picture, transform);
      const image = device.put<Tensor>(hostArray('float32', [1, imageSize, imageSize, 3], normalised(seen, transform)));
      const logits = await scores(weights, image);
      const { data } = await device.read(logits);
      disposeTree([image, logits]);
      return { classes: likeliestClasses(data, classes), seen };
    },
    async dispose() {
      disposeTree(weights);
      await scores.dispose();
    },
  };
}

function likeliestClasses(logits: HostArray['data'], classes: readonly ImageClass[]): LikelyClass[] {
  expectScores('classify', logits);
  const probabilities = probabilitiesOf(logits);
  return indicesOfLargest(logits, shown).map((index) => ({ name: classes[index]!.name, probability: probabilities[index]! }));
}
