/** Questions of somebody's own, to measure a model on. */
import { familyOf } from '@gmlp/models';
import { loadTokenizer } from '@gmlp/text';
import { classificationInputs } from '../classification/classification-inputs.ts';
import { expectTokenizer } from '../classification/expect-tokenizer.ts';
import { leftOutRecords } from '../classification/left-out-records.ts';
import { rowIds } from '../classification/text-rows.ts';
import type { MeasuredData, MeasuredSurroundings } from '../task.ts';
import { leftOutCount } from '../text/left-out.ts';
import { readAnswering } from './answering-file.ts';
import type { AskedTexts, AskedWindow } from './answering-objective.ts';
import { askedBatchCount, askedEvaluationBatches } from './asked-batches.ts';
import { askedRows } from './asked-rows.ts';
import { readQuestions } from './read-questions.ts';

/** In the JSON of SQuAD; texts are cut into windows as those that the model was trained on. */
export async function measuredQuestions(
  path: string,
  { config, modelFiles, onBad, onLeftOut }: MeasuredSurroundings,
): Promise<MeasuredData<AskedTexts, readonly AskedWindow[]>> {
  const layout = readAnswering(modelFiles);
  const tokenizer = loadTokenizer(modelFiles.get('tokenizer.json') ?? '');
  expectTokenizer(tokenizer, config, 'tokenizer.json');
  const bad = leftOutRecords({ ...(onBad && { onBad }) });
  const { questions } = await readQuestions(path, 'measure', bad.report);
  if (leftOutCount(bad) > 0) onLeftOut?.(bad);
  const { tokens } = familyOf(config).facts(config);
  const frame = rowIds(tokenizer);
  const rows = askedRows(questions, { tokenizer, frame, tokens, layout, path });
  const shape = { tokens, inputs: classificationInputs(config), padding: frame.padding };
  return { batches: askedEvaluationBatches(rows, shape), count: askedBatchCount(rows, shape), close: async () => undefined };
}
