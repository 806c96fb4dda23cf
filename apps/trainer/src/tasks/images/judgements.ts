/** What many judgements of a classifier come to: right and wrong by class, what is taken for what, and the worst of them. */
import { indicesOfLargest } from '@gmlp/base';
import type { Confusion } from '../../report/image-answers.ts';

export interface Judgement {
  /** The place of the image in its source. */
  readonly index: number;
  readonly label: number;
  /** The probability of each class. */
  readonly shares: Float64Array;
}

export interface WorstJudgement {
  readonly index: number;
  readonly label: number;
  readonly said: number;
  readonly share: number;
  readonly saidShare: number;
}

export interface Judgements {
  add(judgement: Judgement): void;
  /** By label. */
  classes(): readonly { readonly count: number; readonly right: number }[];
  /** The most frequent first. Of few classes all, or else the first of them. */
  confusions(): readonly Confusion[];
  /** The wrong ones whose own class was found least likely, the worst first. */
  worst(): readonly WorstJudgement[];
}

/** With so many classes all that is taken for something else is kept, for a table. */
const mostClassesOfTable = 32;
/** Of more classes so many confusions. */
const mostListed = 50;

/** Memory holds a number for each pair of classes that was met. */
export function judgements(classes: number, mostWorst: number): Judgements {
  const [counts, rights] = [new Array<number>(classes).fill(0), new Array<number>(classes).fill(0)];
  const confused = new Map<number, number>();
  let worst: WorstJudgement[] = [];
  return {
    add({ index, label, shares }) {
      const said = indicesOfLargest(shares, 1)[0]!;
      counts[label]!++;
      if (said === label) {
        rights[label]!++;
        return;
      }
      const pair = label * classes + said;
      confused.set(pair, (confused.get(pair) ?? 0) + 1);
      const judgement = { index, label, said, share: shares[label]!, saidShare: shares[said]! };
      if (worst.length === mostWorst && !(judgement.share < worst.at(-1)!.share)) return;
      worst = [...worst, judgement].sort((a, b) => a.share - b.share || a.index - b.index).slice(0, mostWorst);
    },
    classes: () => counts.map((count, label) => ({ count, right: rights[label]! })),
    confusions: () =>
      Array.from(confused, ([pair, count]) => ({ label: Math.floor(pair / classes), said: pair % classes, count }))
        .sort((a, b) => b.count - a.count || a.label - b.label || a.said - b.said)
        .slice(0, classes <= mostClassesOfTable ? undefined : mostListed),
    worst: () => worst,
  };
}
