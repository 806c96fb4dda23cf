/** What a run of training is given, checked before it begins: what TypeScript would refuse and JavaScript passes on. */
import { GmlpError } from '@gmlp/base';

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isObject(value) ? (value as Record<string, unknown>)[name] : undefined);
const has = (value: unknown, names: readonly string[]): boolean => names.every((name) => isFunction(field(value, name)));
const isProgress = (value: unknown): boolean => {
  const evaluations = field(value, 'evaluations');
  const whole = Array.isArray(evaluations) && evaluations.every((each) => isObject(field(each, 'figures')));
  return whole && Number.isFinite(field(value, 'seconds'));
};

/** Each option, what is expected of it in words, and whether a value is that. */
const expected: readonly (readonly [path: readonly string[], words: string, holds: (value: unknown) => boolean])[] = [
  [['device'], 'a device, as openDevice gives it', (value) => has(value, ['compile', 'put', 'read'])],
  [['spec'], 'the spec of a module', isObject],
  [['objective'], 'an objective: an object with loss and evaluator', (value) => has(value, ['loss', 'evaluator'])],
  [['training'], 'a function from the number of the first batch to batches', isFunction],
  [['signal'], 'an AbortSignal', (value) => typeof field(value, 'aborted') === 'boolean'],
];
const expectedOfValidation: typeof expected = [[['validation'], 'a function that gives the held-out batches', isFunction]];
const expectedOfNoValidation: typeof expected = [
  [['validation'], 'none, as the evaluation of the plan is null', (value) => value === undefined],
];
const expectedOfParameters: typeof expected = [
  [['parameters'], 'a Map of arrays by name', (value) => value instanceof Map],
  [['from'], 'none, as there are parameters to begin with', (value) => value === undefined],
];
const expectedOfCheckpoint: typeof expected = [
  [['from', 'model'], 'a Map of arrays by name', (value) => value instanceof Map],
  [['from', 'optimiser'], 'a Map of arrays by name', (value) => value instanceof Map],
  [['from', 'progress'], 'an object with evaluations, each with its figures, and seconds', isProgress],
];

export function expectRun(
  options: { readonly from?: unknown; readonly parameters?: unknown },
  { evaluation }: { readonly evaluation: unknown },
): void {
  const all = [
    ...expected,
    ...(evaluation === null ? expectedOfNoValidation : expectedOfValidation),
    ...(options.parameters === undefined ? [] : expectedOfParameters),
    ...(options.from === undefined ? [] : expectedOfCheckpoint),
  ];
  for (const [path, words, holds] of all) {
    const value = path.reduce(field, options as unknown);
    if (holds(value)) continue;
    const name = path.join('.');
    throw new GmlpError('invalid-argument', `trainingRun: ${name}: expected ${words}, got ${shown(value)}`, { name });
  }
}

/** What `training` or `validation` has given. */
export function expectBatches<Batches>(name: 'training' | 'validation', batches: Batches): Batches {
  const { iterator, asyncIterator } = Symbol;
  const given = (batches ?? {}) as { readonly [iterator]?: unknown; readonly [asyncIterator]?: unknown };
  if (isFunction(given[iterator]) || isFunction(given[asyncIterator])) return batches;
  const problem = `trainingRun: ${name}: expected it to give batches, an (async) iterable, got ${shown(batches)}`;
  throw new GmlpError('invalid-argument', problem, { name });
}

/** What a batch must be before its tensors reach the device; `number` counts from 0. */
export function expectBatch(batch: unknown, number: number): void {
  const units = field(batch, 'units');
  const expect = (holds: boolean, words: string, value: unknown): void => {
    if (holds) return;
    throw new GmlpError('invalid-data', `trainSteps: batch ${number}: expected ${words}, got ${shown(value)}`, { batch: number });
  };
  expect(isObject(field(batch, 'tensors')), 'an object with tensors, units and about', batch);
  expect(typeof units === 'number' && Number.isFinite(units) && units >= 0, 'units of at least 0, a number', units);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (!isObject(value)) return isFunction(value) ? 'a function' : String(value);
  return `an object with ${
    Object.keys(value as object)
      .slice(0, 8)
      .join(', ') || 'nothing'
  }`;
}
