/** `Task.prepare` of questions: read, a part held out, as windows of ids. */
import { formatNumber, key, split } from '@gmlp/base';
import { makeFolder } from '@gmlp/checkpoint/node';
import { familyOf } from '@gmlp/models';
import { loadTokenizer, type SquadQuestion, scoreSquad2 } from '@gmlp/text';
import { fingerprintOf } from '@gmlp/text/node';
import { classificationInputs } from '../classification/classification-inputs.ts';
import { expectTokenizer } from '../classification/expect-tokenizer.ts';
import { leftOutRecords } from '../classification/left-out-records.ts';
import { keptTokenizer } from '../classification/prepare-texts.ts';
import { rowIds } from '../classification/text-rows.ts';
import { expectFullBatch, tellLeftOut } from '../classification/told-of-rows.ts';
import type { DataSettings, DataSurroundings, PreparedData } from '../task.ts';
import type { AnsweringData } from './answering-data.ts';
import { answeringFile, formatAnswering } from './answering-file.ts';
import type { AskedTexts, AskedWindow } from './answering-objective.ts';
import { askedBatchCount, askedEvaluationBatches, askedTrainingBatches } from './asked-batches.ts';
import { type AskedRows, askedRows } from './asked-rows.ts';
import { heldOutQuestions, readQuestions } from './read-questions.ts';

export async function prepareQuestions(
  { data, config, seed, batchSize }: DataSettings<AnsweringData>,
  { folder, goesOn, onlyOpen = false, progress, stopIfAborted }: DataSurroundings,
): Promise<PreparedData<AskedTexts, readonly AskedWindow[]>> {
  await makeFolder(folder);
  const tokenizerFile = await keptTokenizer(data.tokenizer, folder, goesOn || onlyOpen);
  const tokenizer = loadTokenizer(tokenizerFile);
  expectTokenizer(tokenizer, config, data.tokenizer);
  const root = key(seed);
  const { tokens } = familyOf(config).facts(config);
  const frame = rowIds(tokenizer);
  const bad = leftOutRecords(data);
  const { questions, misplaced } = await readQuestions(data.path, 'train', bad.report);
  const [trainedOn, measuredOn] =
    data.validation === undefined
      ? heldOutQuestions(questions, data.heldOut, split(root, 'held out'))
      : [questions, (await readQuestions(data.validation, 'measure', bad.report)).questions];
  const rowsOf = (of: readonly SquadQuestion[], path: string): AskedRows =>
    askedRows(of, {
      ...{ tokenizer, frame, tokens, layout: data, path },
      onProgress(done) {
        stopIfAborted();
        progress.update(`questions of ${path}: ${formatNumber(done)} of ${formatNumber(of.length)}`);
      },
    });
  const training = rowsOf(trainedOn, data.path);
  const validation = rowsOf(measuredOn, data.validation ?? data.path);
  for (const [what, rows] of Object.entries({ 'to train on': training, 'held out': validation }))
    progress.print(inWords(what, rows));
  if (misplaced > 0) {
    const are = misplaced === 1 ? 'question was' : 'questions were';
    progress.print(`${data.path}: ${formatNumber(misplaced)} ${are} left out, whose answer does not stand at its offset`);
  }
  await tellLeftOut(bad, 'questions', { folder, progress });
  expectFullBatch(training.count, batchSize, { rows: 'windows', taken: 'questions' });
  const shape = { tokens, inputs: classificationInputs(config), padding: frame.padding };
  return {
    training: (first) => askedTrainingBatches(training, batchSize, split(root, 'batches'), first, shape),
    validation: () => askedEvaluationBatches(validation, shape),
    validationBatches: askedBatchCount(validation, shape),
    modelFiles: new Map([
      ['tokenizer.json', tokenizerFile],
      [answeringFile, formatAnswering(data)],
    ]),
    fingerprints: {
      training: training.fingerprint,
      validation: validation.fingerprint,
      tokenizer: fingerprintOf(tokenizerFile),
    },
    // What is trained on was read just now: there is nothing beside it that could differ.
    changes: async () => ({ changes: [], notes: [] }),
    baseline: async () => ({ silentF1: silentF1(measuredOn) }),
    close: async () => undefined,
  };
}

function inWords(what: string, { questions, count, withoutAnswer, cut }: AskedRows): string {
  const longer = cut === 0 ? '' : `; ${formatNumber(cut)} questions were longer than what is read of one, and were cut`;
  return `questions ${what}: ${formatNumber(questions)} in ${formatNumber(count)} windows, of which ${formatNumber(withoutAnswer)} have no answer${longer}`;
}

/** Of a model that never finds an answer. */
const silentF1 = (questions: readonly SquadQuestion[]): number =>
  scoreSquad2(questions, new Map(questions.map(({ id }) => [id, '']))).f1;
