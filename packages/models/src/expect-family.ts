import { GmlpError } from '@gmlp/base';
import { shown } from './parse-config.ts';

/** Throws `invalid-argument` unless a config, which may come from outside, is of one of the families. */
export function expectFamily(source: string, { family }: { readonly family: string }, expected: readonly string[]): void {
  if (expected.includes(family)) return;
  const one = expected.length === 1 ? 'the family' : 'a family of';
  throw new GmlpError(
    'invalid-argument',
    `${source}: expected a config of ${one} ${expected.map((name) => `"${name}"`).join(', ')}, got ${shown(family)}`,
    { expected, got: family },
  );
}
