import { GmlpError } from '@gmlp/base';
import * as z from 'zod/mini';

/** What may be left out of a config as people write it. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** A config checked against its schema, defaults filled in. Every problem is named with its path in one error. */
export function parseConfig<S extends z.ZodMiniType>(family: string, schema: S, value: unknown): z.output<S> {
  const result = z.safeParse(schema, value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.map(describe);
  throw new GmlpError('invalid-config', `${family}: the config is not valid\n  ${problems.join('\n  ')}`, { family, problems });
}

function describe(issue: z.core.$ZodIssue): string {
  const path = ['config', ...issue.path].join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${path}: unknown ${issue.keys.map((name) => `"${name}"`).join(', ')}; remove it or correct its spelling`;
    case 'invalid_value':
      return `${path}: expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}, got ${shown(issue.input)}`;
    case 'invalid_type':
      return `${path}: expected ${issue.expected}, got ${shown(issue.input)}`;
    case 'too_small':
      return `${path}: expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, got ${shown(issue.input)}`;
    case 'too_big':
      return `${path}: expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, got ${shown(issue.input)}`;
    default:
      return `${path}: ${issue.message}`;
  }
}

/** A value for a message, whatever it is: JSON has no NaN, no bigint and no circles. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
