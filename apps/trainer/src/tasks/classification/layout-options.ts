/** How `readLabelled` is to read a file of such texts. */
import { glueLabels, glueTasks, type LabelledColumns, labelNumbers, usualColumns } from '@gmlp/text';
import { labelledFormatOf, type ReadLabelledOptions } from '@gmlp/text/node';
import type { TextLabels } from './labels-file.ts';

export function layoutOptions({ glue, first, second, label, classes }: TextLabels, path: string): ReadLabelledOptions {
  const format = labelledFormatOf(path);
  if (glue !== undefined) {
    const { columns, numbered, ...task } = glueTasks[glue];
    return { columns, ...(format === 'tsv' && { numbered }), labels: glueLabels(task, format ?? 'tsv') };
  }
  return { columns: namedColumns({ first, second, label }), labels: labelNumbers(classes, { numbers: false }) };
}

/** Usual names stand in for those that nobody gave; where the first text is named and the second is not, there is one. */
export function namedColumns({
  first,
  second,
  label,
}: {
  readonly first?: string | undefined;
  readonly second?: string | undefined;
  readonly label?: string | undefined;
}): LabelledColumns | undefined {
  if (first === undefined && second === undefined && label === undefined) return undefined;
  const one = (name: string | undefined, usual: readonly string[]): readonly string[] => (name === undefined ? usual : [name]);
  return {
    first: one(first, usualColumns.first),
    ...(second !== undefined && { second: [second] }),
    label: one(label, usualColumns.label),
  };
}
