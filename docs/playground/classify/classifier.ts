/** A model for images on a device. */
import { expectScores, GmlpError, type HostArray, indicesOfLargest, probabilitiesOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { countParameters, inference } from '@gmlp/layers';
import { familyOf, loadModelFiles } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelFiles } from '../worker/messages.ts';
import { classNames, imageInput, normalisationOf } from './image-input.ts';
import type { ClassifierFacts, LikelyClass } from './messages.ts';

export interface Classifier {
  readonly facts: ClassifierFacts;
  classify(pixels: Uint8ClampedArray): Promise<readonly LikelyClass[]>;
  dispose(): Promise<void>;
}

const shown = 5;

export async function putClassifier(device: Device, files: ModelFiles): Promise<Classifier> {
  const { config, params } = await loadModelFiles(files);
  if (!('imageSize' in config) || config.inputChannels !== 3) {
    throw new GmlpError(
      'invalid-argument',
      `The model is a ${config.family}; this page takes models that classify colour images.`,
    );
  }
  const { imageSize, head, family } = config;
  const published: unknown = JSON.parse(new TextDecoder().decode(files.get('config.json')));
  const labels = files.get('labels.txt');
  const names = classNames(published, labels && new TextDecoder().decode(labels), head.classes);
  const normalisation = normalisationOf(published);
  const { spec, apply } = familyOf(config).forward(config);
  const scores = device.compile((values: unknown, image: Tensor) => apply(values, { image }, inference));
  const weights = device.put(params as unknown);
  return {
    facts: { family, device: device.name, parameters: countParameters(spec), imageSize, classes: head.classes },
    async classify(pixels) {
      const image = device.put<Tensor>(imageInput(pixels, imageSize, normalisation));
      const logits = await scores(weights, image);
      const { data } = await device.read(logits);
      disposeTree([image, logits]);
      return likeliestClasses(data, names);
    },
    async dispose() {
      disposeTree(weights);
      await scores.dispose();
    },
  };
}

function likeliestClasses(logits: HostArray['data'], names: readonly string[]): LikelyClass[] {
  expectScores('classify', logits);
  const probabilities = probabilitiesOf(logits);
  return indicesOfLargest(logits, shown).map((index) => ({ name: names[index]!, probability: probabilities[index]! }));
}
