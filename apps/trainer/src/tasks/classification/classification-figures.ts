/**
 * What is said of how often a classifier is right, from how often each class was said of each. Matches scikit-learn's
 * `accuracy_score`, `f1_score` and `matthews_corrcoef`, which GLUE's figures are.
 */

/** Of `classes` x `classes` counts, row by row: how often a text of class i was said to be of class j. */
export interface Confusions {
  readonly classes: number;
  readonly counts: Float64Array;
}

export function confusions(classes: number, judged: Iterable<readonly [label: number, said: number]>): Confusions {
  const counts = new Float64Array(classes * classes);
  for (const [label, said] of judged) counts[label * classes + said]!++;
  return { classes, counts };
}

export interface ClassificationFigures {
  /** The share of the texts whose class was said. */
  readonly accuracy: number;
  /** 2 precision recall / (precision + recall): of two classes that of the second, as GLUE has it; of more the mean of all. */
  readonly f1: number;
  /** Matthews' correlation coefficient, of more than two classes as Gorodkin (2004) has it; 0 where one class is all there is. */
  readonly matthews: number;
}

export function classificationFigures({ classes, counts }: Confusions): ClassificationFigures {
  const places = Array.from({ length: classes }, (_, place) => place);
  const sum = (of: (place: number) => number): number => places.reduce((all, place) => all + of(place), 0);
  const count = (label: number, said: number): number => counts[label * classes + said]!;
  const right = sum((place) => count(place, place));
  const labelled = places.map((label) => sum((said) => count(label, said)));
  const told = places.map((said) => sum((label) => count(label, said)));
  const all = sum((place) => labelled[place]!);
  const f1 = (place: number): number => orZero((2 * count(place, place)) / (labelled[place]! + told[place]!));
  const covariance = right * all - sum((place) => labelled[place]! * told[place]!);
  const [ofLabels, ofTold] = [labelled, told].map((numbers) => all * all - sum((place) => numbers[place]! ** 2));
  return {
    accuracy: right / all,
    f1: classes === 2 ? f1(1) : sum(f1) / classes,
    matthews: orZero(covariance / Math.sqrt(ofLabels! * ofTold!)),
  };
}

/** 0 / 0 is 0 there. */
const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);
