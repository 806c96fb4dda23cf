/**
 * report.json: what a report shows of a finished run that its figures do not say: how a model does that only knows how often each
 * piece occurs, and masks of the held-out text, filled in. Computed once, at the end of training.
 */
import { figureFromJson, GmlpError } from '@gmlp/base';
import type { FilledMask } from '@gmlp/text';
import { readRunJson, writeRunJson } from '../run/run-json.ts';
import { runPaths } from '../run/run-paths.ts';

const [format, version] = ['gmlp-run-report', 1] as const;

export interface Answered extends FilledMask {
  /** The piece that stands there in the text. */
  readonly answer: string;
}

export interface RunAnswers {
  /** The step whose model filled the masks. */
  readonly step: number;
  readonly unigramPerplexity: number;
  readonly filled: readonly Answered[];
}

export async function writeRunAnswers(directory: string, answers: RunAnswers): Promise<void> {
  const { unigramPerplexity } = answers;
  const figure = Number.isFinite(unigramPerplexity) ? unigramPerplexity : String(unigramPerplexity); // JSON has no infinity
  await writeRunJson(runPaths(directory).report, format, version, { ...answers, unigramPerplexity: figure });
}

/** `undefined` before the end of training. */
export async function readRunAnswers(directory: string): Promise<RunAnswers | undefined> {
  const path = runPaths(directory).report;
  const content = (await readRunJson(path, format, version)) as Partial<RunAnswers> | undefined;
  if (content === undefined) return undefined;
  const { step, filled } = content;
  const unigramPerplexity = figureFromJson(content.unigramPerplexity);
  if (typeof step !== 'number' || typeof unigramPerplexity !== 'number' || !Array.isArray(filled) || !filled.every(isAnswered))
    throw new GmlpError('invalid-data', `readRunAnswers: ${path} lacks step, unigramPerplexity or filled masks`, { path });
  return { step, unigramPerplexity, filled };
}

function isAnswered(value: unknown): value is Answered {
  const { before, after, answer, guesses } = (value ?? {}) as Partial<Answered>;
  return (
    [before, after, answer].every((text) => typeof text === 'string') &&
    Array.isArray(guesses) &&
    guesses.every((guess: { piece?: unknown; probability?: unknown } | null) => {
      return typeof guess?.piece === 'string' && typeof guess.probability === 'number';
    })
  );
}
