/** A run of the recipe restore, and what its model makes of held-out passages. */
import { disposeTree, type Host } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import type { ParametersOf } from '@gmlp/models';
import { loadTokenizer } from '@gmlp/text';
import { progressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { restore } from '../recipes/restore.ts';
import { withSteps } from '../recipes/with-steps.ts';
import { writeAnswers } from '../report/write-answers.ts';
import { writeReport } from '../report/write-report.ts';
import { freshRun } from '../run/fresh-run.ts';
import { heldOutData } from '../run/held-out-data.ts';
import type { TrainingSummary } from '../run/training-summary.ts';
import { loadModel } from '../saved-model/load-model.ts';
import type { RestoreModel } from '../tasks/restore/objective.ts';
import { bareText } from '../tasks/restore/pairs.ts';
import type { Passage } from '../tasks/restore/pairs-form.ts';
import { passageRestorer } from '../tasks/restore/restore-passages.ts';
import { wordAccuracy } from '../tasks/restore/word-accuracy.ts';
import type { MeasuredData } from '../tasks/task.ts';
import { stageProgress } from '../tasks/text/stage-progress.ts';
import type { DeviceThread } from '../thread/device-thread.ts';

/** The recipe with another seed, or fewer or more steps. */
export const restoreRecipe = ({ seed, steps }: Pick<Recipe, 'seed' | 'steps'>): Recipe =>
  parseRecipe({ ...withSteps<Recipe>(restore, steps), seed }, 'restore');

export interface RestoreOptions {
  readonly out: string;
  readonly recipe: Recipe;
  /** Of a beam search that is measured too; 1 for none. */
  readonly beam: number;
  readonly thread?: DeviceThread;
}

export interface RestoreResult {
  readonly summary: TrainingSummary;
  /** Words of the held-out passages. */
  readonly words: number;
  /** Word accuracy of beam search. */
  readonly beam?: number;
  readonly examples: readonly { readonly source: string; readonly restored: string }[];
}

const device = 'ort-cpu';
const shown = 3;

export async function runRestore(
  { out, recipe, beam, thread }: RestoreOptions,
  io: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<RestoreResult> {
  const summary = await freshRun({ out, recipe, device, ...(thread && { thread }) }, io);
  await writeAnswers(summary, io);
  await writeReport(out);
  const progress = progressLine({ stream: io.stderr });
  const { model, params: values, modelFiles } = await loadModel(summary.model);
  const { signal, now } = io;
  const passages = await passagesOf(await heldOutData(out, recipe, model.config, { progress, signal, now }));
  const tokenizer = loadTokenizer(modelFiles.get('tokenizer.json')!);
  const opened = await openDevice(device);
  const { config, module } = model as RestoreModel;
  const restorer = passageRestorer({ device: opened, model: module, config, tokenizer });
  const params = opened.put(values as Host<ParametersOf<'transformer'>>);
  try {
    const restored = async (of: readonly Passage[], width: number): Promise<string[][]> => {
      const onProgress = stageProgress(progress, width === 1 ? 'greedy search, passages' : 'beam search, passages', io.now);
      return restorer.restore(params, of, { width, signal: io.signal, onProgress });
    };
    const first = passages.slice(0, shown);
    const greedy = await restored(first, 1);
    const beams = beam === 1 ? undefined : await restored(passages, beam);
    return {
      summary,
      words: passages.reduce((sum, { words }) => sum + words.length, 0),
      ...(beams && { beam: wordAccuracy(passages.map(({ words }, at) => ({ reference: words, given: beams[at]! }))) }),
      examples: first.map(({ words }, at) => ({ source: bareText(words), restored: greedy[at]!.join(' ') })),
    };
  } finally {
    progress.clear();
    disposeTree(params);
    await restorer.dispose();
    await opened.dispose();
  }
}

async function passagesOf({ batches, close }: MeasuredData): Promise<readonly Passage[]> {
  try {
    const passages: Passage[] = [];
    for await (const { about } of batches) passages.push(...(about as readonly Passage[]));
    return passages;
  } finally {
    await close();
  }
}
