/**
 * GLUE's tasks of classes (Wang and others, 2018), as their files are: those of GLUE itself, tab-separated, and those of the Hugging
 * Face data set `nyu-mll/glue`, in parquet. The numbers of the classes are Hugging Face's wherever labels are numbers.
 *
 * Where GLUE's own files have words, a number in one is refused: that of MNLI's words depends on who gave it (BERT's programs count
 * contradiction, entailment, neutral; Hugging Face entailment, neutral, contradiction).
 */
import type { LabelledColumns, LabelledFormat, NumberedColumns } from './labelled-text.ts';

export interface GlueTask {
  /** In the order of their numbers. */
  readonly classes: readonly string[];
  /** Of files that name their columns. */
  readonly columns: LabelledColumns;
  /** Of a TSV whose first line is a record. */
  readonly numbered?: NumberedColumns;
  /** What GLUE's TSV files have for a class. */
  readonly tsvLabels: 'numbers' | 'words';
  /** The figure that GLUE ranks by. */
  readonly figure: 'accuracy' | 'f1' | 'matthews';
  /** Files of a folder of GLUE's, without their ending: to train on, and to measure on; of the second kind the first decides. */
  readonly files: { readonly training: string; readonly validation: readonly string[] };
}

const files = { training: 'train', validation: ['dev'] } as const;
const label = ['label'] as const;
const [one, two] = [{ first: ['sentence'] }, { first: ['sentence1'], second: ['sentence2'] }] as const;

export type GlueTaskName = 'sst2' | 'rte' | 'mnli' | 'cola' | 'mrpc' | 'qnli' | 'qqp' | 'wnli';

export const glueTasks: Readonly<Record<GlueTaskName, GlueTask>> = {
  sst2: { classes: ['negative', 'positive'], columns: { ...one, label }, tsvLabels: 'numbers', figure: 'accuracy', files },
  rte: { classes: ['entailment', 'not_entailment'], columns: { ...two, label }, tsvLabels: 'words', figure: 'accuracy', files },
  mnli: {
    classes: ['entailment', 'neutral', 'contradiction'],
    // `label1` to `label5` of its files are those of single annotators.
    columns: { first: ['sentence1', 'premise'], second: ['sentence2', 'hypothesis'], label: ['gold_label', 'label'] },
    tsvLabels: 'words',
    figure: 'accuracy',
    files: { training: 'train', validation: ['dev_matched', 'dev_mismatched'] },
  },
  cola: {
    classes: ['unacceptable', 'acceptable'],
    columns: { ...one, label },
    numbered: { width: 4, first: 3, label: 1 },
    tsvLabels: 'numbers',
    figure: 'matthews',
    files,
  },
  mrpc: {
    classes: ['not_equivalent', 'equivalent'],
    columns: { first: ['#1 String', 'sentence1'], second: ['#2 String', 'sentence2'], label: ['Quality', 'label'] },
    tsvLabels: 'numbers',
    figure: 'f1',
    files,
  },
  qnli: {
    classes: ['entailment', 'not_entailment'],
    columns: { first: ['question'], second: ['sentence'], label },
    tsvLabels: 'words',
    figure: 'accuracy',
    files,
  },
  qqp: {
    classes: ['not_duplicate', 'duplicate'],
    columns: { first: ['question1'], second: ['question2'], label: ['is_duplicate', 'label'] },
    tsvLabels: 'numbers',
    figure: 'f1',
    files,
  },
  wnli: {
    classes: ['not_entailment', 'entailment'],
    columns: { ...two, label },
    tsvLabels: 'numbers',
    figure: 'accuracy',
    files,
  },
};

/** What stands in a label's place where there is none: in test files, and where annotators disagree. */
const absent = ['', '-', '-1'] as const;

/**
 * The class of each label that a file of such a format may have: `undefined` where it says that there is none. In a format where the
 * task has words, its numbers are not among them.
 */
export function glueLabels(
  { classes, tsvLabels }: Pick<GlueTask, 'classes' | 'tsvLabels'>,
  format: LabelledFormat,
): ReadonlyMap<string, number | undefined> {
  return labelNumbers(classes, { numbers: format !== 'tsv' || tsvLabels === 'numbers' });
}

/** The classes by their names; with `numbers` also by their places. A class whose name is the place of another keeps its name. */
export function labelNumbers(
  classes: readonly string[],
  { numbers }: { readonly numbers: boolean },
): ReadonlyMap<string, number | undefined> {
  const places = numbers ? classes.map((_, place) => [`${place}`, place] as const) : [];
  return new Map<string, number | undefined>([
    ...absent.map((each) => [each, undefined] as const),
    ...places,
    ...classes.map((name, place) => [name, place] as const),
  ]);
}
