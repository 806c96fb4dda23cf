/** A recipe that fine-tunes a saved model of language on questions about texts: SQuAD, or a file of that form. */
import type { ConfigOf, PretrainedModel } from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import { type FineTuningRecipe, fineTuningRecipes } from '../recipes/fine-tuning-recipes.ts';
import { folderNameFor } from '../recipes/folder-name.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { directoryOf } from '../saved-model/weights-to-begin-with.ts';
import { type AnsweringData, usualLayout } from '../tasks/answering/answering-data.ts';
import { readQuestions } from '../tasks/answering/read-questions.ts';
import { leftOutRecords } from '../tasks/classification/left-out-records.ts';
import { rateFor } from './rate-for.ts';
import { bodyForTexts, type FineTuning, settingsFor, tokenizerIn } from './recipe-for-fine-tuning.ts';

export interface Answering extends Pick<FineTuning, 'model' | 'places' | 'onBad' | 'untrained'> {
  /** Version 1.1, or 2.0 with questions that have no answer. */
  readonly task: 'squad1' | 'squad2';
}

export async function recipeForAnswering({ task, model: from, places, onBad, untrained = false }: Answering): Promise<Recipe> {
  const directory = await directoryOf(from);
  const by = fineTuningRecipes[task];
  const model = pointerOf(from, await loadPretrained(directory), by);
  const { tokens, channels } = model.body;
  const bad = leftOutRecords({ ...(onBad && { onBad }) });
  const { questions } = await readQuestions(places.training, 'train', bad.report);
  const data: Omit<AnsweringData, 'heldOut' | 'questionTokens' | 'answerTokens'> = {
    path: places.training,
    ...(places.validation !== undefined && { validation: places.validation }),
    noAnswer: task === 'squad2',
    // Half of a shorter window is in the next one as well.
    stride: Math.min(usualLayout.stride, Math.max(1, Math.floor(tokens / 2))),
    tokenizer: tokenizerIn(directory),
    ...(onBad && { onBad }),
  };
  // Every question has a window; where a part of the texts is held out, how many questions it has is not known yet.
  const texts = places.validation === undefined ? Math.max(1, Math.floor(questions.length / 2)) : questions.length;
  const settings = settingsFor({ by, texts, tokens, batch: by.batch, rate: rateFor(channels, by.rate) });
  const name = `${task}-${folderNameFor(from)}${untrained ? '-untrained' : ''}`;
  return parseRecipe({ name, task: 'question-answering', model, data, ...settings, ...(!untrained && { from }) }, name);
}

function pointerOf(from: string, trained: PretrainedModel, by: FineTuningRecipe): ConfigOf<'extractive-span'> {
  if (trained.config.family === 'extractive-span') return trained.config;
  return { family: 'extractive-span', body: bodyForTexts(from, trained, by) };
}
