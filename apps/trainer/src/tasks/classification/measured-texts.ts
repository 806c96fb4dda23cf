/** Classified texts of somebody's own, to measure a model on. */
import { familyOf } from '@gmlp/models';
import { loadTokenizer } from '@gmlp/text';
import type { MeasuredData, MeasuredSurroundings } from '../task.ts';
import { leftOutCount } from '../text/left-out.ts';
import { classificationInputs } from './classification-inputs.ts';
import type { ClassifiedTexts } from './classification-objective.ts';
import { expectTokenizer } from './expect-tokenizer.ts';
import { readLabels } from './labels-file.ts';
import { leftOutRecords } from './left-out-records.ts';
import { readRows } from './read-rows.ts';
import { evaluationBatchCount, textEvaluationBatches } from './text-batches.ts';
import { rowIds } from './text-rows.ts';

/** A file of the layout that the model was trained on; its classes are those of the model. */
export async function measuredTexts(
  path: string,
  { config, modelFiles, onBad, onLeftOut }: MeasuredSurroundings,
): Promise<MeasuredData<ClassifiedTexts, undefined>> {
  const labels = readLabels(modelFiles);
  const tokenizer = loadTokenizer(modelFiles.get('tokenizer.json') ?? '');
  expectTokenizer(tokenizer, config, 'tokenizer.json');
  const bad = leftOutRecords({ ...(onBad && { onBad }) });
  const { tokens } = familyOf(config).facts(config);
  const rows = await readRows(path, { labels, tokenizer, tokens, onBad: bad.report });
  if (leftOutCount(bad) > 0) onLeftOut?.(bad);
  const shape = { tokens, inputs: classificationInputs(config), padding: rowIds(tokenizer).padding };
  return { batches: textEvaluationBatches(rows, shape), count: evaluationBatchCount(rows), close: async () => undefined };
}
