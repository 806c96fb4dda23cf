/** A run of training, begun or gone on with: folder and lock, the device in its thread, then the session. */
import { GmlpError } from '@gmlp/base';
import { type FileSystem, sweepCheckpoints } from '@gmlp/checkpoint/node';
import type { DeviceName } from '@gmlp/devices';
import { progressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { forgetRun, removeEmpty } from './forget-run.ts';
import { openRun } from './open-run.ts';
import { writeRunFile } from './run-file.ts';
import { runPaths } from './run-paths.ts';
import { runSession } from './run-session.ts';
import { sweepRun } from './sweep-run.ts';
import type { TrainingSummary } from './training-summary.ts';

export interface RunTrainingOptions {
  /** The folder of the run. */
  readonly out: string;
  /** What to train; needed to begin. A run that is gone on with has its own, which must be the same but for its steps. */
  readonly recipe?: Recipe | undefined;
  readonly resume: boolean;
  /** Seconds that the run may take from the start of the program on, instead of the steps of its recipe; of a run that begins. */
  readonly budget?: number | undefined;
  /** Go on although the recipe or the text is no longer what the newest checkpoint was computed from; the run notes it. */
  readonly acceptChanges?: boolean;
  /** Instead of the one of the recipe, or of the run that is gone on with. */
  readonly device?: DeviceName | 'auto' | undefined;
  /** Where checkpoints are written; tests fill its disk. */
  readonly fileSystem?: FileSystem;
  /** A device that is open already and stays so; one is opened for the run otherwise. */
  readonly thread?: DeviceThread;
}

export async function runTraining(
  { out, recipe: given, resume, budget, acceptChanges = false, device, fileSystem, thread: open }: RunTrainingOptions,
  { stderr, signal, now }: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<TrainingSummary> {
  const progress = progressLine({ stream: stderr });
  // What is open is closed in reverse order, whatever happens.
  const closers: (() => Promise<void>)[] = [async () => progress.clear()];
  try {
    const locking = { tell: progress.print, signal };
    const { lock, file: found, made } = await openRun(out, { recipe: given, resume, acceptChanges }, locking);
    if (made !== undefined) closers.push(() => removeEmpty(out, made));
    closers.push(lock.release);
    if (lock.takenFrom !== undefined) {
      const who = lock.takenFrom === 'unknown' ? 'an unknown process' : `process ${lock.takenFrom.pid}`;
      progress.print(`${out}: the lock of ${who}, which runs no more, was taken over`);
    }
    if (budget !== undefined && found !== undefined) throw keepsItsSteps(out);
    const paths = runPaths(out);
    const swept = (await sweepRun(paths)) + (await sweepCheckpoints(paths.checkpoints)).length;
    if (swept > 0) progress.print(`${out}: what a trainer that was killed left half written was removed (${swept})`);
    const otherEnd = given !== undefined && found !== undefined && given.steps !== found.recipe.steps;
    const recipe = (acceptChanges || otherEnd ? given : found?.recipe) ?? found?.recipe ?? given!;
    const thread = open ?? (await startDeviceThread(device ?? found?.device ?? recipe.device));
    if (open === undefined) {
      closers.push(thread.close);
      const why = thread.passedOver.map(({ name, reason }) => `not ${name}: ${reason}`);
      if (why.length > 0) progress.print(`auto took ${thread.device}; ${why.join('; ')}`);
    }
    await lock.expectHeld();
    const file = found ?? (await writeRunFile(out, recipe, thread.device, budget));
    const files = fileSystem === undefined ? {} : { fileSystem };
    const { expectHeld } = lock;
    const session = { paths, file, recipe, acceptChanges, thread, progress, signal, now, files, expectHeld };
    if (found !== undefined) return await runSession(session);
    return await runSession({ ...session, forget: () => forgetRun(out) });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const keepsItsSteps = (out: string): GmlpError =>
  new GmlpError('invalid-argument', `${out} holds a run, which keeps its steps: leave --budget out, or give --set steps=N`, {
    out,
  });
