/** What is in a file of classified texts: how many there are, and, where nobody has said it, which classes they are of. */
import { GmlpError, listedNames } from '@gmlp/base';
import { type BadRecord, readLabelled } from '@gmlp/text/node';
import type { TextLayout } from '../tasks/classification/classification-data.ts';
import { layoutOptions, namedColumns } from '../tasks/classification/layout-options.ts';

export interface FoundTexts {
  readonly count: number;
  /** In order: numbers by their size, words by their letters. */
  readonly classes: readonly string[];
}

/** More labels than this are no classes. */
const mostClasses = 1000;

export async function countTexts(
  path: string,
  layout: TextLayout & { readonly classes?: readonly string[] },
  onBad: (bad: BadRecord) => void,
): Promise<FoundTexts> {
  const { classes } = layout;
  const options = classes === undefined ? { columns: namedColumns(layout) } : layoutOptions({ ...layout, classes }, path);
  const labels = new Set<string>();
  let count = 0;
  for await (const { label } of readLabelled(path, { ...options, onBadRecord: onBad })) {
    count++;
    labels.add(label!);
    if (labels.size > mostClasses) throw tooMany(path, [...labels]);
  }
  if (classes !== undefined) return { count, classes };
  if (labels.size < 2) {
    const problem = `${path} has texts of ${labels.size === 1 ? `one class, ${[...labels][0]}` : 'no class'}; expected two classes or more`;
    throw new GmlpError('invalid-data', problem, { path });
  }
  return { count, classes: inOrder([...labels]) };
}

function inOrder(labels: readonly string[]): readonly string[] {
  const numbers = labels.every((label) => label.trim() !== '' && Number.isFinite(Number(label)));
  return [...labels].sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

const tooMany = (path: string, labels: readonly string[]): GmlpError =>
  new GmlpError(
    'invalid-data',
    `${path} has more than ${mostClasses} different labels (${listedNames(labels.slice(0, 3))}, …): is the column of the label another? Name it with --label`,
    { path },
  );
