/** Asks the model of a finished run what its report shows. */
import { GmlpError, plainMessage } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import type { Io } from '../io.ts';
import { textSettings } from '../run/run-data.ts';
import { readRunFile } from '../run/run-file.ts';
import { runPaths } from '../run/run-paths.ts';
import type { TrainingSummary } from '../run/training-summary.ts';
import { loadLanguageModel } from '../saved-model/load-language-model.ts';
import { maskFiller } from '../saved-model/mask-filler.ts';
import { openPreparedText } from '../tasks/text/prepare-text.ts';
import { maskedSentences } from './masked-sentences.ts';
import { type Answered, writeRunAnswers } from './run-answers.ts';

/** So many masks are shown. */
const shown = 6;

/** A report is no part of training: what goes wrong here is told, and the run is as finished as before. */
export async function writeAnswers(summary: TrainingSummary, { stderr, signal }: Pick<Io, 'stderr' | 'signal'>): Promise<void> {
  const { run, unigramPerplexity, modelStep: step } = summary;
  let filled: readonly Answered[] = [];
  try {
    filled = await filledMasks(summary, signal);
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    stderr.write(`the report shows no filled masks: ${plainMessage(error)}\n`);
  }
  await writeRunAnswers(run, { step, unigramPerplexity, filled });
}

async function filledMasks({ run, model: directory }: TrainingSummary, signal: AbortSignal): Promise<readonly Answered[]> {
  const file = (await readRunFile(run))!;
  if (file.recipe.task !== 'masked-language') return [];
  const model = await loadLanguageModel(directory);
  const text = await openPreparedText(textSettings(file.recipe, model.config), runPaths(run).text);
  if (text === undefined) return [];
  try {
    const sentences = await maskedSentences(text.validation, model.tokenizer, shown);
    if (sentences.length === 0) return [];
    const device = await openDevice(file.device);
    const filler = maskFiller(device, model);
    try {
      const texts = sentences.map(({ sentence }) => sentence);
      const filled = await filler.fill(texts, { count: 5, signal });
      return filled.map((each, index) => ({ ...each, answer: sentences[index]!.answer }));
    } finally {
      await filler.dispose();
      await device.dispose();
    }
  } finally {
    await text.close();
  }
}
