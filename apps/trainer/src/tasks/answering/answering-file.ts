/** `answering.json` among the files of a saved model: how it reads questions and texts, and whether there may be no answer. */

import { GmlpError } from '@gmlp/base';
import { type JsonFormat, modelFileNames, parseVersionedJson, versionedJson } from '@gmlp/checkpoint';
import { checkConfig } from '@gmlp/models';
import * as z from 'zod/mini';
import { type AnsweringLayout, layoutFields } from './answering-data.ts';

export const answeringFile = modelFileNames.answering;

const format: JsonFormat = { format: 'gmlp-answering', version: 1 };
const schema = z.object(layoutFields) as unknown as z.ZodMiniType<AnsweringLayout>;

export function formatAnswering({ noAnswer, stride, questionTokens, answerTokens }: AnsweringLayout): string {
  return versionedJson('formatAnswering', format, { noAnswer, stride, questionTokens, answerTokens });
}

/** Errors: `not-found` where the model has none, `invalid-data` for one that is none. */
export function readAnswering(modelFiles: ReadonlyMap<string, string>): AnsweringLayout {
  const text = modelFiles.get(answeringFile);
  if (text === undefined) {
    throw new GmlpError(
      'not-found',
      `the model has no ${answeringFile}, which says how it reads texts; gmlp finetune trains one that has it`,
    );
  }
  const kind = 'of a model that answers questions';
  const fields = parseVersionedJson(text, format, { where: 'readAnswering', path: answeringFile, kind });
  const checked = checkConfig(schema, fields);
  if (checked.ok) return checked.config;
  const problems = checked.problems.map(({ path, problem }) => `${path.join('.')}: ${problem}`).join('; ');
  throw new GmlpError('invalid-data', `readAnswering: ${answeringFile}: ${problems}`);
}
