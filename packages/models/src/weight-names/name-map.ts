/** Weights of another implementation under our names: a list of rules, applied strictly. */
import { allocate, GmlpError, type HostArray, hostArray, sizeOf } from '@gmlp/base';

/** What a weight needs besides another name. */
export type Change = 'none' | 'transpose' | 'drop-first-axis';

export interface NameRule {
  /** Their name; `#` stands for a number. */
  readonly theirs: string;
  /** Ours; `#` is the same number. */
  readonly ours: string;
  readonly change?: Change;
}

/** The same arrays under our names and in our layout. A name that no rule knows is an error that lists all such names. */
export function translate(
  source: string,
  rules: readonly NameRule[],
  named: ReadonlyMap<string, HostArray>,
): Map<string, HostArray> {
  const patterns = rules.map((rule) => ({
    ...rule,
    pattern: new RegExp(`^${rule.theirs.replaceAll('.', '\\.').replace('#', '(\\d+)')}$`),
  }));
  const unknown: string[] = [];
  const ours = new Map<string, HostArray>();
  for (const [name, array] of named) {
    const rule = patterns.find(({ pattern }) => pattern.test(name));
    if (rule === undefined) unknown.push(name);
    else ours.set(rule.ours.replace('#', rule.pattern.exec(name)![1] ?? ''), changed(source, name, array, rule.change ?? 'none'));
  }
  if (unknown.length > 0) {
    throw new GmlpError('name-mismatch', `${source}: these weights are not known: ${unknown.join(', ')}`, { unknown });
  }
  return ours;
}

function changed(source: string, name: string, array: HostArray, change: Change): HostArray {
  const { shape } = array;
  switch (change) {
    case 'none':
      return array;
    case 'transpose':
      if (shape.length !== 2) throw misshapen(source, name, 'a matrix', shape);
      return transposed(array);
    case 'drop-first-axis':
      if (shape.length < 2 || shape[0] !== 1) throw misshapen(source, name, 'a first axis of one', shape);
      return hostArray(array.dtype, shape.slice(1), array.data as never);
  }
}

function misshapen(source: string, name: string, expected: string, shape: readonly number[]): GmlpError {
  return new GmlpError('shape-mismatch', `${source}: ${name} must have ${expected}, got shape [${shape.join(', ')}]`, {
    name,
    shape,
  });
}

/** PyTorch's linear weights are [outputs, inputs], ours [inputs, outputs]. */
function transposed(array: HostArray): HostArray {
  const [rows, columns] = array.shape as [number, number];
  const data = allocate(array.dtype, sizeOf(array.shape));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[column * rows + row] = array.data[row * columns + column]!;
  }
  return hostArray(array.dtype, [columns, rows], data as never);
}
