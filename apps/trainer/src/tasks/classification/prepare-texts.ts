/** `Task.prepare` of classified texts: read, a part held out, as rows of ids. */
import { join } from 'node:path';
import { formatNumber, GmlpError, indexPermutation, key, split } from '@gmlp/base';
import { makeFolder, writeFileAtomically } from '@gmlp/checkpoint/node';
import { familyOf } from '@gmlp/models';
import { loadTokenizer } from '@gmlp/text';
import { fingerprintOf } from '@gmlp/text/node';
import { readSmallFile } from '../../run/read-small-file.ts';
import type { DataSettings, DataSurroundings, PreparedData } from '../task.ts';
import { mostTokenizerBytes, readTokenizerFile } from '../text/read-tokenizer-file.ts';
import type { ClassificationData } from './classification-data.ts';
import { classificationInputs } from './classification-inputs.ts';
import type { ClassifiedTexts } from './classification-objective.ts';
import { expectTokenizer } from './expect-tokenizer.ts';
import { formatLabels, labelsFile } from './labels-file.ts';
import { leftOutRecords } from './left-out-records.ts';
import { readRows } from './read-rows.ts';
import { evaluationBatchCount, type TextBatchShape, textEvaluationBatches, textTrainingBatches } from './text-batches.ts';
import { partOf, rowIds, type TextRows } from './text-rows.ts';
import { expectFullBatch, tellLeftOut } from './told-of-rows.ts';

export async function prepareTexts(
  { data, config, seed, batchSize }: DataSettings<ClassificationData>,
  { folder, goesOn, onlyOpen = false, progress, stopIfAborted }: DataSurroundings,
): Promise<PreparedData<ClassifiedTexts, undefined>> {
  await makeFolder(folder);
  const tokenizerFile = await keptTokenizer(data.tokenizer, folder, goesOn || onlyOpen);
  const tokenizer = loadTokenizer(tokenizerFile);
  expectTokenizer(tokenizer, config, data.tokenizer);
  const root = key(seed);
  const { tokens } = familyOf(config).facts(config);
  const onProgress = (path: string) => (rows: number) => {
    stopIfAborted();
    progress.update(`texts of ${path}: ${formatNumber(rows)} read`);
  };
  const open = async (bad: ReturnType<typeof leftOutRecords>): Promise<Parts> => {
    const read = (path: string): Promise<TextRows> =>
      readRows(path, { labels: data, tokenizer, tokens, onBad: bad.report, onProgress: onProgress(path) });
    const all = await read(data.path);
    if (data.validation !== undefined) return { training: all, validation: await read(data.validation) };
    return heldOutOf(all, data, indexPermutation(all.count, split(root, 'held out')));
  };
  const bad = leftOutRecords(data);
  const { training, validation } = await open(bad);
  const counts = `${formatNumber(training.count)} to train on, ${formatNumber(validation.count)} held out`;
  progress.print(`texts: ${counts}, ${data.classes.length} classes`);
  for (const [what, { cut, count }] of Object.entries({ training, validation }))
    if (cut > 0)
      progress.print(
        `${what}: ${formatNumber(cut)} of ${formatNumber(count)} texts are longer than ${tokens} tokens and were cut`,
      );
  await tellLeftOut(bad, 'texts', { folder, progress });
  expectFullBatch(training.count, batchSize, { rows: 'texts', taken: 'texts' });
  const shape: TextBatchShape = { tokens, inputs: classificationInputs(config), padding: rowIds(tokenizer).padding };
  return {
    training: (first) => textTrainingBatches(training, batchSize, split(root, 'batches'), first, shape),
    validation: () => textEvaluationBatches(validation, shape),
    validationBatches: evaluationBatchCount(validation),
    modelFiles: new Map([
      ['tokenizer.json', tokenizerFile],
      [labelsFile, formatLabels(data)],
    ]),
    fingerprints: {
      training: training.fingerprint,
      validation: validation.fingerprint,
      tokenizer: fingerprintOf(tokenizerFile),
    },
    // What is trained on was read just now: there is nothing beside it that could differ.
    changes: async () => ({ changes: [], notes: [] }),
    baseline: async () => ({ commonestAccuracy: commonestShare(training, validation, data.classes.length) }),
    close: async () => undefined,
  };
}

interface Parts {
  readonly training: TextRows;
  readonly validation: TextRows;
}

/** A run that has begun keeps the tokenizer that it began with, whatever becomes of the model that it is from. */
export async function keptTokenizer(tokenizer: string, folder: string, kept: boolean): Promise<string> {
  const path = join(folder, 'tokenizer.json');
  const own = kept ? await readSmallFile(path, mostTokenizerBytes) : undefined;
  if (own !== undefined) return own;
  const text = await readTokenizerFile(tokenizer);
  await writeFileAtomically(path, text);
  return text;
}

function heldOutOf(all: TextRows, { heldOut, path }: ClassificationData, order: (index: number) => number): Parts {
  const held = heldOut < 1 ? Math.max(1, Math.round(heldOut * all.count)) : heldOut;
  if (held >= all.count) {
    throw new GmlpError(
      'invalid-argument',
      `heldOut is ${heldOut}, but ${path} has ${formatNumber(all.count)} texts; hold out fewer (data.heldOut), or name others (data.validation)`,
      { heldOut, texts: all.count },
    );
  }
  return {
    training: partOf(all, (index) => order(held + index), all.count - held, 'training'),
    validation: partOf(all, order, held, 'validation'),
  };
}

/** How often the class that is commonest among the texts to train on is right. */
function commonestShare(training: TextRows, validation: TextRows, classes: number): number {
  const counts = new Float64Array(classes);
  for (let i = 0; i < training.count; i++) counts[training.row(i).class]!++;
  const commonest = counts.indexOf(Math.max(...counts));
  let right = 0;
  for (let i = 0; i < validation.count; i++) if (validation.row(i).class === commonest) right++;
  return right / validation.count;
}
