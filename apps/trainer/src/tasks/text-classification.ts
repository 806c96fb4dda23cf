/** A model says which class a text is of, or how a pair of texts is related, as BERT is fine-tuned for GLUE. */
import { familyOf } from '@gmlp/models';
import { beginningWith } from './classification/body-to-begin-with.ts';
import { type ClassificationData, classificationDataSchema } from './classification/classification-data.ts';
import { classificationInputs } from './classification/classification-inputs.ts';
import { type ClassifiedTexts, classificationObjective } from './classification/classification-objective.ts';
import { labelsFile } from './classification/labels-file.ts';
import { lossFigure } from './loss-figure.ts';
import type { Figure, Task } from './task.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const share = (name: string, label: string): Figure => ({ name, label, better: 'higher', format: percent });

export const textClassification: Task<ClassificationData, ClassifiedTexts, undefined> = {
  families: ['sequence-classification'],
  causal: false,
  data: classificationDataSchema,
  places: ['path', 'validation', 'tokenizer', 'onBad'],
  folder: 'texts',
  modelFiles: ['tokenizer.json', labelsFile],
  parts: { training: 'the texts to train on', validation: 'the held-out texts', tokenizer: 'the tokenizer (tokenizer.json)' },
  config: ({ classes }) => ({ classes: classes.length }),
  about: ({ path }) => path,
  unit: 'examples',
  figures: [
    share('accuracy', 'accuracy'),
    share('f1', 'F1'),
    { name: 'matthews', label: 'Matthews correlation', better: 'higher', format: (value) => value.toFixed(4) },
    lossFigure,
  ],
  headline: 'accuracy',
  baseline: [{ name: 'commonestAccuracy', label: 'the commonest class', of: 'accuracy' }],
  counted: { name: 'texts', label: 'texts', of: ({ units }) => units },
  beginsWith: beginningWith,
  // What reads files is loaded where files are read.
  prepare: async (settings, around) => (await import('./classification/prepare-texts.ts')).prepareTexts(settings, around),
  measured: async (path, around) => (await import('./classification/measured-texts.ts')).measuredTexts(path, around),
  objective: (model) => classificationObjective(model),
  shapes(config, _, batchSize) {
    const row = { dtype: 'int32', shape: [batchSize, familyOf(config).facts(config).tokens] } as const;
    const inputs = Object.fromEntries(classificationInputs(config).map((name) => [name, row]));
    return { ...inputs, labels: { dtype: 'int32', shape: [batchSize] } };
  },
  size: async () => undefined,
};
