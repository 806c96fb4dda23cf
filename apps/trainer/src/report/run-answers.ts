/**
 * report.json: what a report shows of a finished run that its figures do not say: how a model does that knows nothing, and what the
 * task asked of the model. Computed once, at the end of training.
 */
import { figureFromJson, figuresToJson, GmlpError } from '@gmlp/base';
import type { JsonFormat } from '@gmlp/checkpoint';
import { checkConfig } from '@gmlp/models';
import type { Figures } from '@gmlp/training';
import { readRunJson, writeRunJson } from '../run/run-json.ts';
import { runPaths } from '../run/run-paths.ts';
import type { Task } from '../tasks/task.ts';

const format: JsonFormat = { format: 'gmlp-run-report', version: 2 };

const advice = 'remove it: a report is written without what it holds';

export interface RunAnswers {
  /** The step whose model was asked. */
  readonly step: number;
  /** The figures of a model that knows nothing. */
  readonly baseline: Figures;
  /** As the task's schema has them; absent where there are none. */
  readonly answers?: unknown;
}

export async function writeRunAnswers(directory: string, answers: RunAnswers): Promise<void> {
  // JSON has no infinity.
  const plain = JSON.parse(figuresToJson(answers)) as RunAnswers;
  await writeRunJson(runPaths(directory).report, format, plain);
}

/** `undefined` before the end of training. */
export async function readRunAnswers(
  directory: string,
  { answers: expected }: Pick<Task, 'answers'>,
): Promise<RunAnswers | undefined> {
  const path = runPaths(directory).report;
  const content = (await readRunJson(path, format, advice)) as Partial<RunAnswers> | undefined;
  if (content === undefined) return undefined;
  const { step, answers, baseline: written } = content;
  const isTree = typeof written === 'object' && written !== null && !Array.isArray(written);
  const baseline = Object.entries(isTree ? written : {}).map(([name, value]) => [name, figureFromJson(value)] as const);
  const checked = answers === undefined || expected === undefined ? undefined : checkConfig(expected.schema, answers);
  const whole = typeof step === 'number' && isTree && baseline.every(([, value]) => value !== undefined);
  if (!whole || checked?.ok === false)
    throw new GmlpError('invalid-data', `readRunAnswers: ${path} lacks step, baseline or answers; ${advice}`, { path });
  return { step, baseline: Object.fromEntries(baseline) as Figures, ...(checked?.ok && { answers: checked.config }) };
}
