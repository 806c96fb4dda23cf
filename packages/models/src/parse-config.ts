import { GmlpError, nearestName, pathName, type TreePath } from '@gmlp/base';
import * as z from 'zod/mini';

/** What is wrong at a place of a config: `expected at least 1, got 0`. */
export interface ConfigProblem {
  readonly path: TreePath;
  readonly problem: string;
}

/** A config with its defaults filled in, or all that is wrong with it. */
export type CheckedConfig<T> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks a value of any origin against a schema of zod/mini. Names that the schema lacks come with the nearest that it has. */
export function checkConfig<S extends z.ZodMiniType>(schema: S, value: unknown): CheckedConfig<z.output<S>> {
  const result = z.safeParse(schema, value, { reportInput: true, error: unknownNames });
  if (result.success) return { ok: true, config: result.data };
  return { ok: false, problems: result.error.issues.flatMap(problemsOf) };
}

/** A config checked against its schema, defaults filled in. Every problem is named with its path in one error. */
export function parseConfig<S extends z.ZodMiniType>(family: string, schema: S, value: unknown): z.output<S> {
  const checked = checkConfig(schema, value);
  if (checked.ok) return checked.config;
  const { problems } = checked;
  const lines = problems.map(({ path, problem }) => `${pathName(['config', ...path])}: ${problem}`);
  throw new GmlpError('invalid-config', `${family}: the config is not valid\n  ${lines.join('\n  ')}`, { family, problems });
}

/** One line for each unknown name: here, and no longer in the issue, the schema's own names are at hand. */
function unknownNames(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const names = Object.keys((issue.inst as z.core.$ZodObject)._zod.def.shape);
  return issue.keys
    .map((name) => {
      const nearest = nearestName(name, names);
      return nearest ? `unknown; did you mean "${nearest}"?` : `unknown; remove it, or take one of ${names.join(', ')}`;
    })
    .join('\n');
}

function problemsOf(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = issue.path as TreePath;
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: describe(issue) }];
  const lines = issue.message.split('\n');
  return issue.keys.map((name, index) => ({ path: [...path, name], problem: lines[index]! }));
}

function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}, got ${shown(issue.input)}`;
    case 'invalid_type':
      return `expected ${inWords(issue.expected)}, got ${shown(issue.input)}`;
    case 'too_small':
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${bound(issue.minimum, issue.origin)}, got ${shown(issue.input)}`;
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${bound(issue.maximum, issue.origin)}, got ${shown(issue.input)}`;
    default:
      return issue.message;
  }
}

/** The names of zod's own that mean nothing to whom the config is. */
const inWords = (expected: string): string => ({ int: 'a whole number', tuple: 'a list', array: 'a list' })[expected] ?? expected;

const bound = (limit: number | bigint, origin: string): string =>
  origin === 'array' ? `${limit} items` : origin === 'string' ? `${limit} characters` : String(limit);

/** A value for a message, whatever it is: JSON has no NaN, no bigint and no circles, and a message has an end. */
export function shown(value: unknown): string {
  const text = fullText(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

function fullText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  }
}
