/**
 * What a trainer does between taking a run's lock and giving it back: data, the checkpoint to go on from, training, the final
 * model. How it ends is written into state.json; an error says what is whole and how to go on.
 */
import { join } from 'node:path';
import { type ErrorCode, formatNumber, GmlpError, type HostArray, plainMessage } from '@gmlp/base';
import { encodeSafetensors, modelTextsOf } from '@gmlp/checkpoint';
import { type FileOptions, makeFolder, pruneCheckpoints, saveCheckpoint, writeFileAtomically } from '@gmlp/checkpoint/node';
import { countParameters } from '@gmlp/layers';
import { createModel, familyOf, type ModelConfig } from '@gmlp/models';
import { bestEvaluation, type TrainingEvent } from '@gmlp/training';
import { openEventFile, openMetricsFile, type ProgressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { modelOptions } from '../recipes/recipe-model.ts';
import { weightsToBeginWith } from '../saved-model/weights-to-begin-with.ts';
import { taskOf } from '../tasks/table.ts';
import type { PreparedData } from '../tasks/task.ts';
import type { DeviceThread } from '../thread/device-thread.ts';
import { bestBy } from '../thread/training-job.ts';
import { checkpointToGoOnFrom } from './checkpoint-to-go-on-from.ts';
import { asKept, comparedAnew, expectFits } from './expect-fits.ts';
import { expectPlaces } from './expect-places.ts';
import { expectSameRun } from './expect-same-run.ts';
import { writeFinalModel } from './final-model.ts';
import { keepMetrics } from './keep-metrics.ts';
import { batchOrder, type MadeOf, settingsMadeOf } from './made-of.ts';
import { evaluationRecord, evaluationWithFollowing, metricsRecord, summingUp, withFollowing } from './metrics-records.ts';
import { decideSteps, type RunFile } from './run-file.ts';
import { type RunPaths, resumeCommand } from './run-paths.ts';
import { type RunState, readRunState, writeRunState } from './run-state.ts';
import { savedProgress } from './saved-progress.ts';
import { recipeInBudget } from './steps-in-budget.ts';
import { evaluationFigures, trainingFigures } from './tensorboard-figures.ts';
import { trainingProgress } from './training-progress.ts';
import type { TrainingSummary } from './training-summary.ts';

export interface RunSession extends Pick<Io, 'signal' | 'now'> {
  readonly paths: RunPaths;
  /** The run as its folder has it. */
  readonly file: RunFile;
  /** What to train: the run's own recipe, or another one whose changes are accepted. */
  readonly recipe: Recipe;
  /** Whether a run goes on that is no longer what its checkpoint was computed from. */
  readonly acceptChanges: boolean;
  readonly thread: DeviceThread;
  readonly progress: ProgressLine;
  /** Where checkpoints are written. */
  readonly files: FileOptions;
  /** Throws when another may write in the folder: asked before each write. */
  readonly expectHeld: () => Promise<void>;
  /** Of a run that begins: takes its files away again. */
  readonly forget?: () => Promise<void>;
}

/** What is wrong with what was asked for: asked again it is no better, so that a run which ends so at its beginning leaves nothing. */
const wrongInput: ReadonlySet<ErrorCode> = new Set([
  'invalid-argument',
  'invalid-config',
  'invalid-data',
  'not-found',
  'shape-mismatch',
]);

/** How far a run is: what state.json and errors tell. */
interface Position {
  step: number;
  /** Whether it is known what checkpoints there were before. */
  looked?: boolean;
  /** The step of the newest checkpoint that is known to be whole. */
  saved?: number;
  /** The last step that was computed, on record or not. */
  computed?: number;
  /** How many steps it will have; those of its recipe until a budget has decided them. */
  steps: number;
  /** Whether the run goes on: until then all that it holds is as the session before left it. */
  goesOn?: boolean;
}

export async function runSession(session: RunSession): Promise<TrainingSummary> {
  const { paths, recipe, signal, progress, expectHeld } = session;
  const { directory } = paths;
  const position: Position = { step: 0, steps: recipe.steps };
  const before = await readRunState(directory).catch(() => undefined); // damaged: it is written anew
  try {
    const summary = await trainToTheEnd(session, position);
    await expectHeld();
    await writeRunState(directory, { state: 'finished', step: summary.step, steps: summary.steps });
    return summary;
  } catch (error) {
    if (GmlpError.isInstance(error) && error.fields['lockLost'] === true) throw error; // nothing is this run's to write
    const unbegun = position.saved === undefined && position.computed === undefined;
    if (session.forget !== undefined && unbegun && GmlpError.isInstance(error) && wrongInput.has(error.code)) {
      await session.forget();
      throw error;
    }
    const stopped = signal.aborted && GmlpError.isInstance(error) && error.code === 'aborted';
    const told = stopped ? error : withAdvice(error, position, session);
    const untouched = position.goesOn !== true && (before?.state === 'finished' || isRefusal(error));
    const state: RunState = (untouched ? before : undefined) ?? {
      state: stopped ? 'stopped' : 'failed',
      step: position.step,
      steps: position.steps,
      message: plainMessage(told),
    };
    const written = expectHeld().then(() => writeRunState(directory, state));
    await written.catch((second: Error) => progress.print(second.message)); // the first error is thrown
    throw told;
  }
}

async function trainToTheEnd(session: RunSession, position: Position): Promise<TrainingSummary> {
  const { paths, recipe: begun, acceptChanges, thread, progress, signal, now, files, expectHeld } = session;
  const { directory } = paths;
  const task = taskOf(begun.task);
  const model = createModel(modelOptions(begun.model, task.config(begun.data)));
  const { config, module } = model;
  const parameters = countParameters(module.spec);
  const found = await checkpointToGoOnFrom(session);
  position.looked = true;
  const whole = found && asKept(found.checkpoint, begun);
  if (whole !== undefined) Object.assign(position, { step: whole.step, saved: whole.step });
  if (begun.steps < position.step) {
    throw new GmlpError(
      'invalid-argument',
      `train: ${directory} has been trained for ${formatNumber(position.step)} steps; it can end later, not after ${formatNumber(begun.steps)}`,
      { step: position.step, steps: begun.steps, changes: ['steps'] },
    );
  }
  if (found !== undefined) expectFits(module.spec, begun, found, paths);
  await writeRunState(directory, { state: 'running', step: position.step, steps: begun.steps });

  const data = await task.prepare(
    { data: begun.data, config, seed: begun.seed, batchSize: begun.batchSize },
    {
      folder: join(directory, task.folder),
      goesOn: whole !== undefined,
      progress,
      now,
      stopIfAborted: () => stopIfAborted(signal, directory),
    },
  );
  // What is open is closed in reverse order, whatever happens.
  const closers: (() => Promise<void>)[] = [data.close];
  try {
    const { file, recipe } = await withDecidedSteps(session, config, data);
    const { steps, checkpoints } = recipe;
    position.steps = steps;
    const madeOf: MadeOf = { recipe: settingsMadeOf(recipe), data: data.fingerprints, order: batchOrder };
    await expectHeld(); // preparing may have taken long
    const { changes, notes } = await data.changes();
    for (const note of notes) progress.print(note);
    const asked = { paths, file, recipe, madeOf, sourceChanges: changes, accept: acceptChanges, progress };
    const { comparable } = await expectSameRun(found, asked);
    const from = comparable ? whole : whole && comparedAnew(whole);
    position.goesOn = true;
    const { count, first } = await keepMetrics(paths.metrics, {
      step: position.step,
      evaluated: from?.progress.evaluations.at(-1)?.step === position.step,
    });
    if (count > 0)
      progress.print(`${paths.metrics}: ${count} of its lines were no records and are gone, the first was line ${first}`);
    const metrics = await openMetricsFile(paths.metrics, { append: true });
    closers.push(() => metrics.close());
    // Also from the first step on: a run that was killed before its first checkpoint has written of it.
    const events = await openEventFile(directory, { from: position.step + 1 });
    closers.push(() => events.close());
    const tell = (): void => progress.print('stopping after this step; Ctrl-C again stops at once');
    signal.addEventListener('abort', tell);
    closers.push(async () => signal.removeEventListener('abort', tell));
    stopIfAborted(signal, directory);
    progress.print(
      `model: ${config.family} of ${familyOf(config).facts(config).layers} blocks, ${formatNumber(parameters)} parameters, on ${thread.device}`,
    );
    if (from !== undefined) progress.print(`goes on after step ${formatNumber(from.step)} of ${formatNumber(steps)}`);
    else if (session.forget === undefined) progress.print(`${paths.checkpoints} holds no checkpoint: begins at the first step`);

    const { validationBatches, training, validation, modelFiles } = data;
    const shown = trainingProgress({ task, line: progress, now, from: position.step, steps, validationBatches });
    const write = async (given: TrainingEvent): Promise<void> => {
      const event = withFollowing(given, data.following);
      await expectHeld();
      switch (event.kind) {
        case 'record':
          position.step = event.metrics.step;
          shown.record(event.metrics);
          await metrics.write(metricsRecord(event.metrics, task.unit));
          return events.write(event.metrics.step, trainingFigures(event.metrics, task.unit));
        case 'evaluation':
          position.step = event.evaluation.step;
          shown.evaluated(event.evaluation);
          await metrics.write(evaluationRecord(event.evaluation));
          await events.write(event.evaluation.step, evaluationFigures(event.evaluation));
          if (event.filters.size > 0) await writeFilters(paths, event.evaluation.step, event.filters);
          return writeRunState(directory, { state: 'running', step: position.step, steps });
        case 'checkpoint': {
          const { step, progress: reached, ...arrays } = event.checkpoint;
          const state = { ...savedProgress(reached), madeOf };
          await saveCheckpoint(paths.checkpoints, { step, config, ...modelTextsOf(modelFiles), state, ...arrays }, files);
          Object.assign(position, { step, saved: step });
          const kept = event.best === undefined ? {} : { best: event.best };
          await pruneCheckpoints(paths.checkpoints, { keep: checkpoints.keep, ...kept, ...files });
          return writeRunState(directory, { state: 'running', step, steps });
        }
        case 'end':
          position.step = event.step;
      }
    };
    let end: Extract<TrainingEvent, { kind: 'end' }> | undefined;
    const begins = from === undefined && recipe.from !== undefined;
    const weights = begins ? await weightsToBeginWith(recipe.from!, model, task, recipe.seed) : undefined;
    if (begins) progress.print(`begins with the weights of ${recipe.from}, but for the head`);
    const job = { recipe, config, modelFiles, ...(from && { from }), ...(weights && { parameters: weights }) };
    const onStep = (step: number): void => {
      position.computed = step;
      shown.step(step);
    };
    for await (const event of thread.train(job, { training, validation, signal, onStep, onEvaluationBatch: shown.evaluating })) {
      await write(event);
      if (event.kind === 'end') end = event;
    }
    if (end === undefined || end.outcome === 'stopped') throw stopped(directory, position, steps);

    const { evaluations, seconds } = end.progress;
    const { patience } = recipe.evaluation;
    const measured = patience === null ? evaluations.at(-1)! : bestEvaluation(evaluations, bestBy(recipe))!;
    const chosen = evaluationWithFollowing(measured, data.following);
    await expectHeld();
    await expectPlaces(directory); // it was long ago that the folder was opened
    await writeFinalModel(paths, chosen.step);
    const { figures, average } = chosen;
    const baseline = await data.baseline();
    await expectHeld();
    const peakBytes = 1024 * process.resourceUsage().maxRSS;
    await metrics.write(summingUp(chosen, baseline, { parameters, seconds, peakBytes }));
    return {
      run: directory,
      recipe: recipe.name,
      task: recipe.task,
      outcome: end.outcome,
      step: end.step,
      steps,
      model: paths.model,
      modelStep: chosen.step,
      figures,
      ...(average && { average }),
      baseline,
      parameters,
      seconds,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Of a run that was given time the steps that fit, once they are known: until then nothing was trained. */
async function withDecidedSteps(
  { paths, file, recipe: begun, thread, progress, signal, now, expectHeld }: RunSession,
  config: ModelConfig,
  data: PreparedData,
): Promise<Pick<RunSession, 'file' | 'recipe'>> {
  const { budget } = file;
  if (budget === undefined || budget.decided) return { file, recipe: begun };
  const job = { recipe: begun, config, modelFiles: data.modelFiles };
  const measuring = recipeInBudget({ thread, job, data, budget: budget.seconds, now, signal, tell: progress.print });
  const recipe = await measuring.catch((error: unknown) => {
    stopIfAborted(signal, paths.directory); // whatever was broken off, it says how to go on
    throw error;
  });
  await expectHeld();
  const decided = await decideSteps(paths.directory, { ...file, budget }, recipe);
  await writeRunState(paths.directory, { state: 'running', step: 0, steps: recipe.steps });
  return { file: decided, recipe };
}

async function writeFilters({ filters }: RunPaths, step: number, weights: ReadonlyMap<string, HostArray>): Promise<void> {
  await makeFolder(filters);
  const path = join(filters, `step-${String(step).padStart(6, '0')}.safetensors`);
  await writeFileAtomically(path, encodeSafetensors(weights, new Map([['format', 'gmlp']])));
}

function stopIfAborted(signal: AbortSignal, directory: string): void {
  if (!signal.aborted) return;
  throw new GmlpError(
    'aborted',
    `train: stopped before training. Go on with\n  ${resumeCommand(directory)}`,
    {},
    { cause: signal.reason },
  );
}

function stopped(directory: string, { step, saved }: Position, steps: number): GmlpError {
  const kept =
    saved === undefined ? 'before its first step' : `after step ${formatNumber(saved)} of ${formatNumber(steps)}, which is saved`;
  return new GmlpError('aborted', `train: stopped ${kept}. Go on with\n  ${resumeCommand(directory)}`, { step });
}

/** What was asked for is not what the run is. */
const isRefusal = (error: unknown): boolean => GmlpError.isInstance(error) && error.fields['changes'] !== undefined;

/** The same error with what is whole, what is lost and how to go on. */
function withAdvice(
  error: unknown,
  { looked, saved, step, computed = 0 }: Position,
  { paths: { directory, checkpoints }, file, recipe }: Pick<RunSession, 'paths' | 'file' | 'recipe'>,
): unknown {
  if (!GmlpError.isInstance(error) || isRefusal(error)) return error; // it says how to go on
  const [last, after] =
    saved === undefined
      ? ['no checkpoint was saved', '']
      : [`the checkpoint of step ${saved} in ${checkpoints} is whole`, ' after it'];
  const steps = Math.max(step, computed) - (saved ?? 0);
  const lost =
    steps > 0 ? `, ${steps === 1 ? 'one step' : `${formatNumber(steps)} steps`}${after} ${steps === 1 ? 'is' : 'are'} lost` : '';
  const mended = wrongInput.has(error.code) ? 'when that is mended, ' : '';
  // Settings that were asked for by name are not in run.json yet: only the same command has them.
  const again = recipe === file.recipe ? `go on with\n  ${resumeCommand(directory)}` : 'give the same command again';
  const advice = error.code === 'numerical' ? '' : `${mended}${again}`;
  const known = looked ? [`${last}${lost}`] : [];
  const told = [...known, ...(advice === '' ? [] : [advice])].join('; ');
  return new GmlpError(error.code, `${error.message}${told === '' ? '' : `\n${told}`}`, error.fields, { cause: error });
}
