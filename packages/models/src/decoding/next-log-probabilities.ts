/** What all searches have in common: they know a model only by what it says comes next. */
import { expectScores, GmlpError, type HostArray } from '@gmlp/base';

/** The begin of a target. */
export interface Hypothesis {
  /** The number of the source that it belongs to, from 0. */
  readonly source: number;
  /** The first is the token that begins every target. All hypotheses of one call are of one length. */
  readonly ids: readonly number[];
}

/** The logarithms of the probabilities of each token after each hypothesis: float32 [hypotheses, vocabulary]. */
export type NextLogProbabilities = (hypotheses: readonly Hypothesis[]) => Promise<HostArray>;

export interface SearchOptions {
  readonly next: NextLogProbabilities;
  /** How many sources there are. */
  readonly sources: number;
  /** The token that begins every target. */
  readonly begin: number;
  /** The token that ends a target. */
  readonly end: number;
  /** A target that has so many tokens, its end counted, goes on no longer. */
  readonly maximumTokens: number;
}

export interface Decoded {
  /** Without the tokens of begin and end. */
  readonly ids: readonly number[];
  /** Of the whole target, its end included. */
  readonly logProbability: number;
  /** Whether the model ended it, or it was cut at the most tokens. */
  readonly ended: boolean;
}

export function expectSearch(name: string, { sources, maximumTokens, ...others }: Readonly<Record<string, unknown>>): void {
  for (const [option, value, least] of [
    ['sources', sources, 0],
    ['maximumTokens', maximumTokens, 1],
    ...('width' in others ? ([['width', others['width'], 1]] as const) : []),
  ] as const) {
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw new GmlpError(
        'invalid-argument',
        `${name}: expected ${option} to be a whole number of at least ${least}, got ${String(value)}`,
        { [option]: value },
      );
    }
  }
}

/** The rows of an answer, checked: of the shape they should have, and of numbers that rank what comes next. */
export async function askNext(
  name: string,
  { next, end }: Pick<SearchOptions, 'next' | 'end'>,
  hypotheses: readonly Hypothesis[],
): Promise<readonly ArrayLike<number>[]> {
  const { shape, data } = await next(hypotheses);
  const [rows, vocabulary] = shape;
  if (shape.length !== 2 || rows !== hypotheses.length || vocabulary === undefined || end >= vocabulary) {
    throw new GmlpError(
      'shape-mismatch',
      `${name}: expected next to give [${hypotheses.length}, more than ${end}], a row a hypothesis and a score a token, got [${shape.join(', ')}]`,
      { shape, hypotheses: hypotheses.length },
    );
  }
  return hypotheses.map((_, index) => {
    const row = data.subarray(index * vocabulary, (index + 1) * vocabulary);
    expectScores(name, row);
    return row;
  });
}
