/** A run of the recipe sotu, and masks of sentences filled in by its model. */
import { openDevice } from '@gmlp/devices/node';
import type { FilledMask } from '@gmlp/text';
import type { Io } from '../io.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { sotu } from '../recipes/sotu.ts';
import { withSteps } from '../recipes/with-steps.ts';
import { writeRunAnswers } from '../report/run-answers.ts';
import { writeReport } from '../report/write-report.ts';
import { freshRun } from '../run/fresh-run.ts';
import type { TrainingSummary } from '../run/training-summary.ts';
import { loadLanguageModel } from '../saved-model/load-language-model.ts';
import { maskFiller } from '../saved-model/mask-filler.ts';
import type { DeviceThread } from '../thread/device-thread.ts';

/** Each with one [MASK]. */
export const quickstartSentences: readonly string[] = [
  'I congratulate you on the prosperity of the United [MASK].',
  'The treaty between the United States and Great [MASK] has been ratified by the Senate.',
  'During the last fiscal [MASK] the receipts of the Treasury amounted to forty millions of dollars.',
  'The Secretary of the [MASK] will lay before you a report on this subject.',
  'Our relations with foreign [MASK] continue to be friendly.',
  'We must work for peace in the [MASK].',
];

/** The recipe sotu with another seed, or fewer or more steps. */
export const quickstartRecipe = ({ seed, steps }: Pick<Recipe, 'seed' | 'steps'>): Recipe =>
  parseRecipe({ ...withSteps<Recipe>(sotu, steps), seed }, 'quickstart');

export interface QuickstartOptions {
  readonly out: string;
  readonly recipe: Recipe;
  readonly sentences?: readonly string[];
  readonly thread?: DeviceThread;
}

export interface QuickstartResult {
  readonly summary: TrainingSummary;
  readonly filled: readonly FilledMask[];
}

const device = 'ort-cpu';

export async function runQuickstart(
  { out, recipe, sentences = quickstartSentences, thread }: QuickstartOptions,
  io: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<QuickstartResult> {
  const summary = await freshRun({ out, recipe, device, ...(thread && { thread }) }, io);
  const opened = await openDevice(device);
  try {
    const filler = maskFiller(opened, await loadLanguageModel(summary.model));
    const filled = await filler.fill(sentences, { count: 5, signal: io.signal });
    await filler.dispose();
    const { baseline, modelStep: step } = summary;
    await writeRunAnswers(out, { step, baseline, answers: { filled } });
    await writeReport(out);
    return { summary, filled };
  } finally {
    await opened.dispose();
  }
}
