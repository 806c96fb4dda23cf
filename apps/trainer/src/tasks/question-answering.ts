/** A model points at what answers a question in a text, as BERT is fine-tuned for SQuAD. */
import { familyOf } from '@gmlp/models';
import { type AnsweringData, answeringDataSchema, usualLayout } from './answering/answering-data.ts';
import { answeringFile, readAnswering } from './answering/answering-file.ts';
import { type AskedTexts, type AskedWindow, answeringObjective } from './answering/answering-objective.ts';
import { beginningWith } from './classification/body-to-begin-with.ts';
import { classificationInputs } from './classification/classification-inputs.ts';
import { lossFigure } from './loss-figure.ts';
import type { Figure, Task } from './task.ts';

const percent = (value: number): string => `${value.toFixed(2)} %`;
/** In per cent, as SQuAD's official scripts print them. */
const official = (name: string, label: string): Figure => ({ name, label, better: 'higher', format: percent });
const threshold = (name: string, label: string): Figure => ({
  name,
  label,
  better: 'higher',
  format: (value) => value.toFixed(4),
});

export const questionAnswering: Task<AnsweringData, AskedTexts, readonly AskedWindow[]> = {
  families: ['extractive-span'],
  causal: false,
  data: answeringDataSchema,
  places: ['path', 'validation', 'tokenizer', 'onBad'],
  folder: 'questions',
  modelFiles: ['tokenizer.json', answeringFile],
  parts: {
    training: 'the questions to train on',
    validation: 'the held-out questions',
    tokenizer: 'the tokenizer (tokenizer.json)',
  },
  config: () => ({}),
  about: ({ path }) => path,
  unit: 'examples',
  figures: [official('f1', 'F1'), official('exactMatch', 'exact match'), lossFigure],
  furtherFigures: [
    official('hasAnswerF1', 'F1 with an answer'),
    official('hasAnswerExactMatch', 'exact match with an answer'),
    official('noAnswerF1', 'F1 without an answer'),
    official('noAnswerExactMatch', 'exact match without an answer'),
    official('bestF1', 'best F1'),
    threshold('bestF1Threshold', 'threshold of the best F1'),
    official('bestExactMatch', 'best exact match'),
    threshold('bestExactMatchThreshold', 'threshold of the best exact match'),
  ],
  headline: 'f1',
  baseline: [{ name: 'silentF1', label: 'no answer at all', of: 'f1' }],
  counted: { name: 'questions', label: 'questions', of: ({ about }) => about.filter(({ window }) => window === 0).length },
  beginsWith: beginningWith,
  // What reads files is loaded where files are read.
  prepare: async (settings, around) => (await import('./answering/prepare-questions.ts')).prepareQuestions(settings, around),
  measured: async (path, around) => (await import('./answering/measured-questions.ts')).measuredQuestions(path, around),
  objective: (model, data, modelFiles) =>
    answeringObjective(model, modelFiles.has(answeringFile) ? readAnswering(modelFiles) : { ...usualLayout, ...data }),
  predicting: (model, _, modelFiles, onPredictions) => answeringObjective(model, readAnswering(modelFiles), onPredictions),
  shapes(config, _, batchSize) {
    const row = { dtype: 'int32', shape: [batchSize, familyOf(config).facts(config).tokens] } as const;
    const inputs = Object.fromEntries(classificationInputs(config).map((name) => [name, row]));
    return { ...inputs, labels: { dtype: 'int32', shape: [batchSize, 2] } };
  },
  size: async () => undefined,
};
