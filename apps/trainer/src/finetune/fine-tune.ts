/** Runs of fine-tuning, one after the other, on one device: what is finished is taken as it is, what was broken off goes on. */
import { figureFromJson, GmlpError } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import type { Figures } from '@gmlp/training';
import { progressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { writeReport } from '../report/write-report.ts';
import { settingChanges, settingsMadeOf } from '../run/made-of.ts';
import { metricsLines } from '../run/metrics-lines.ts';
import { prefixedName } from '../run/metrics-records.ts';
import { readRunFile } from '../run/run-file.ts';
import { runPaths } from '../run/run-paths.ts';
import { readRunState } from '../run/run-state.ts';
import { runTraining } from '../run/run-training.ts';
import { evaluateModel } from '../saved-model/evaluate-model.ts';
import { loadModel } from '../saved-model/load-model.ts';
import { taskOf } from '../tasks/table.ts';
import { startDeviceThread } from '../thread/device-thread.ts';
import type { PlannedRun } from './planned-runs.ts';

export interface FineTunedRun {
  readonly run: string;
  readonly setting: string;
  readonly seed: number;
  /** Of the held-out texts. */
  readonly figures: Figures;
  /** Of more files, by what they are called. */
  readonly further: Readonly<Record<string, Figures>>;
}

export interface FineTuneOptions {
  readonly device: DeviceName | 'auto';
  /** More files to measure each model on. */
  readonly further: Readonly<Record<string, string>>;
  readonly onRun: (done: number, run: PlannedRun) => void;
}

export async function fineTune(
  runs: readonly PlannedRun[],
  { device, further, onRun }: FineTuneOptions,
  io: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<readonly FineTunedRun[]> {
  const thread = await startDeviceThread(device);
  try {
    const done: FineTunedRun[] = [];
    for (const planned of runs) {
      if (io.signal.aborted) throw new GmlpError('aborted', 'finetune: stopped', {}, { cause: io.signal.reason });
      onRun(done.length, planned);
      const { out, recipe, setting } = planned;
      let figures = await finishedFigures(out, recipe);
      if (figures === undefined) {
        const resume = (await readRunFile(out)) !== undefined;
        ({ figures } = await runTraining({ out, recipe, resume, device, thread }, io));
        await writeReport(out);
      }
      done.push({ run: out, setting, seed: recipe.seed, figures, further: await measuredOn(further, { run: out, device }, io) });
    }
    return done;
  } finally {
    await thread.close();
  }
}

/** Of a run of the same settings that has come to its end; `undefined` of any other. */
async function finishedFigures(out: string, recipe: Recipe): Promise<Figures | undefined> {
  const file = await readRunFile(out);
  if (file === undefined || (await readRunState(out))?.state !== 'finished') return undefined;
  if (settingChanges(settingsMadeOf(file.recipe), settingsMadeOf(recipe)).length > 0) return undefined; // opening it says what differs
  let last: Readonly<Record<string, unknown>> | undefined;
  for await (const { record } of metricsLines(runPaths(out).metrics)) if (record !== undefined) last = record;
  const found = taskOf(recipe.task).figures.map(({ name }) => [name, figureFromJson(last?.[prefixedName('val', name)])] as const);
  return found.every(([, value]) => value !== undefined) ? (Object.fromEntries(found) as Figures) : undefined;
}

async function measuredOn(
  files: Readonly<Record<string, string>>,
  { run, device: name }: { readonly run: string } & Pick<FineTuneOptions, 'device'>,
  { stderr, signal, now }: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<FineTunedRun['further']> {
  if (Object.keys(files).length === 0) return {};
  const device = await openDevice(name);
  const progress = progressLine({ stream: stderr });
  try {
    const model = await loadModel(runPaths(run).model);
    const figures: [string, Figures][] = [];
    for (const [file, data] of Object.entries(files)) {
      const options = { data, progress, now, signal, onBatch: () => undefined };
      figures.push([file, (await evaluateModel(device, model, options)).figures]);
    }
    return Object.fromEntries(figures);
  } finally {
    progress.clear();
    await device.dispose();
  }
}
