/** The worker that classifies images: one question after the other. */
import { type Device, probeDevices } from '@gmlp/devices';
import { openPageDevice } from '../worker/open-page-device.ts';
import { type Answered, type Answers, type Asked, answerTo } from '../worker/questions.ts';
import { type Classifier, putClassifier } from './classifier.ts';
import type { ClassifierQuestions } from './messages.ts';

const scope = globalThis as unknown as {
  postMessage(message: Answered): void;
  onmessage: (event: { readonly data: Asked<ClassifierQuestions> }) => void;
};

let device: Device | undefined;
let classifier: Classifier | undefined;
let line: Promise<void> = Promise.resolve();

const answers: Answers<ClassifierQuestions> = {
  devices: () => probeDevices(),
  async load({ device: name, files }) {
    if (device?.name !== name) {
      await classifier?.dispose();
      classifier = undefined;
      await device?.dispose();
      device = undefined;
      device = await openPageDevice(name);
    }
    const loaded = await putClassifier(device, files);
    await classifier?.dispose();
    classifier = loaded;
    return loaded.facts;
  },
  classify({ picture }) {
    if (!classifier) throw new Error('There is no model yet: load one first.');
    return classifier.classify(picture);
  },
};

scope.onmessage = ({ data }) => {
  line = line.then(async () => scope.postMessage(await answerTo(answers, data)));
};
