/** Labels while the classes are still being found: an id gets a number when it is first seen, and its label at the end. */
import { classesOfIds } from '../class-list.ts';
import type { ImageClass } from '../image-source.ts';

export interface LabelTable {
  /** Whether a class that is never seen would give the others another label. */
  readonly dependsOnAll: boolean;
  /** A number for a class; `undefined` for one that is not on the list that was given. */
  numberOf(id: string): number | undefined;
  /** The classes, and the label for each of those numbers. */
  finish(): { readonly classes: readonly ImageClass[]; readonly labelOf: (given: number) => number };
}

export function labelTable(given: readonly ImageClass[] | undefined): LabelTable {
  const numbers = new Map(given?.map(({ id }, label) => [id, label]));
  if (given !== undefined)
    return {
      dependsOnAll: false,
      numberOf: (id) => numbers.get(id),
      finish: () => ({ classes: given, labelOf: (label) => label }),
    };
  return {
    dependsOnAll: true,
    numberOf(id) {
      const known = numbers.get(id) ?? numbers.size;
      numbers.set(id, known);
      return known;
    },
    finish() {
      const classes = classesOfIds(numbers.keys());
      const labels = new Int32Array(numbers.size);
      for (const [label, { id }] of classes.entries()) labels[numbers.get(id)!] = label;
      return { classes, labelOf: (number) => labels[number]! };
    },
  };
}

/** Without a list of classes a number above this is taken for damage. */
const mostClasses = 1_000_000;

/** The same for data whose labels are numbers: without a list the classes are those up to the largest. */
export function numberedLabels(given: readonly ImageClass[] | undefined): LabelTable {
  let largest = -1;
  return {
    dependsOnAll: false,
    numberOf(id) {
      const label = /^\d{1,9}$/.test(id) ? Number(id) : -1;
      if (label < 0 || label >= (given?.length ?? mostClasses)) return undefined;
      largest = Math.max(largest, label);
      return label;
    },
    finish: () => ({
      classes: given ?? Array.from({ length: largest + 1 }, (_, label) => ({ id: String(label), name: String(label) })),
      labelOf: (label) => label,
    }),
  };
}

/** Why a class is refused, in words. */
export function unknownClass(id: string, given: readonly ImageClass[] | undefined): string {
  if (given === undefined) return `its label ${JSON.stringify(id)} is no number of a class; expected a whole number from 0 up`;
  return `its class ${JSON.stringify(id)} is none of the ${given.length} classes (${given
    .slice(0, 3)
    .map((each) => each.id)
    .join(', ')}, …)`;
}
