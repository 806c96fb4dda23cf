/** Asks the model of a finished run what its report shows. */
import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import type { Io } from '../io.ts';
import { readRunFile } from '../run/run-file.ts';
import type { TrainingSummary } from '../run/training-summary.ts';
import { taskOf } from '../tasks/table.ts';
import { writeRunAnswers } from './run-answers.ts';

/** A report is no part of training: what goes wrong here is told, and the run is as finished as before. */
export async function writeAnswers(summary: TrainingSummary, { stderr, signal }: Pick<Io, 'stderr' | 'signal'>): Promise<void> {
  const { run, baseline, modelStep: step } = summary;
  let answers: unknown;
  try {
    answers = await asked(summary, signal);
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    stderr.write(`the report shows no answers of the model: ${plainMessage(error)}\n`);
  }
  await writeRunAnswers(run, { step, baseline, ...(answers !== undefined && { answers }) });
}

async function asked({ run, model }: TrainingSummary, signal: AbortSignal): Promise<unknown> {
  const { recipe, device } = (await readRunFile(run))!;
  const { data, seed, batchSize } = recipe;
  const { answers, folder } = taskOf(recipe.task);
  return answers?.ask({ model, folder: join(run, folder), data, seed, batchSize, device, signal });
}
