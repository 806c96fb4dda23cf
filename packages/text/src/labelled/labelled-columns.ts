/** Which columns of a file are the texts and the label, by their names. */
import { GmlpError, listedNames } from '@gmlp/base';
import type { LabelledColumns } from './labelled-text.ts';

/** Names that files of classified texts have for their columns, the likelier first. */
export const usualColumns: LabelledColumns = {
  first: [
    'sentence1',
    'premise',
    'question1',
    'text1',
    '#1 String',
    'sentence',
    'text',
    'question',
    'review',
    'content',
    'comment',
  ],
  second: ['sentence2', 'hypothesis', 'question2', 'text2', '#2 String'],
  label: ['label', 'gold_label', 'labels', 'class', 'category', 'sentiment', 'is_duplicate', 'Quality', 'target'],
};

/** The names in a file of what is read of it. */
export interface FoundColumns {
  readonly first: string;
  readonly second?: string;
  readonly label?: string;
}

export interface FindColumnsOptions {
  /** Whether there has to be a label. */
  readonly labelled: boolean;
  /** Whether a second text is taken only where there is a column for it: of the usual names, which say nothing about a file. */
  readonly secondMayLack: boolean;
}

/** Errors: `invalid-data` for a column that is not there, or there twice, with those that are. */
export function findColumns(
  names: readonly string[],
  file: string,
  { first, second, label }: LabelledColumns,
  { labelled, secondMayLack }: FindColumnsOptions,
): FoundColumns {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `${file} ${problem}`, { file, columns: names });
  const find = (what: string, wanted: readonly string[], needed: boolean): string | undefined => {
    const found = wanted.find((name) => names.includes(name));
    if (found === undefined && needed) {
      throw fail(`has no column for ${what}: expected one called ${wanted.join(' or ')}, got ${listedNames(names) || 'no name'}`);
    }
    if (found !== undefined && names.indexOf(found) !== names.lastIndexOf(found)) throw fail(`has the column ${found} twice`);
    return found;
  };
  const found = {
    first: find('the text', first, true)!,
    second: second && find('the second text', second, !secondMayLack),
    label: find('the label', label, labelled),
  };
  return {
    first: found.first,
    ...(found.second !== undefined && { second: found.second }),
    ...(found.label !== undefined && { label: found.label }),
  };
}
