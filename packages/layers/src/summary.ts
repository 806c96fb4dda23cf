/** A spec as a printed tree: shapes and counts, with runs of equal blocks on one line. */
import { formatNumber, isLeaf, sizeOf } from '@gmlp/base';
import type { Parameter } from './module.ts';
import { countParameters } from './parameters.ts';

/**
 * ```
 * embedding                      16,384,000
 *   weight  [32000, 512]         16,384,000
 * blocks 0 … 47 (each 2,369,023) 113,713,104
 * ```
 */
export function summary(spec: unknown): string {
  const rows = [...lines(spec, ''), { label: 'total', count: countParameters(spec) }];
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  const digits = Math.max(...rows.map(({ count }) => formatNumber(count).length));
  return rows.map(({ label, count }) => label.padEnd(width) + formatNumber(count).padStart(digits)).join('\n');
}

interface Row {
  readonly label: string;
  readonly count: number;
}

function* lines(node: unknown, indent: string): Generator<Row> {
  for (const [name, child] of Object.entries(node as object)) {
    if (isLeaf(child)) {
      const { shape } = child as Parameter;
      yield { label: `${indent}${name} [${shape.join(', ')}]`, count: sizeOf(shape) };
    } else if (Array.isArray(child)) {
      yield* runs(name, child, indent);
    } else if (child !== undefined) {
      yield { label: `${indent}${name}`, count: countParameters(child) };
      yield* lines(child, `${indent}  `);
    }
  }
}

/** Neighbours that look the same are printed once. */
function* runs(name: string, children: readonly unknown[], indent: string): Generator<Row> {
  const printed = children.map((child) => JSON.stringify([...lines(child, '')]));
  for (let first = 0; first < children.length; ) {
    let last = first;
    while (printed[last + 1] === printed[first]) last++;
    const each = countParameters(children[first]);
    const label = last === first ? `${name}.${first}` : `${name}.${first} … ${name}.${last} (each ${formatNumber(each)})`;
    yield { label: indent + label, count: each * (last - first + 1) };
    yield* lines(children[first], `${indent}  `);
    first = last + 1;
  }
}
