/** Names of many files in one: `train-{000000..000123}.tar` and `{train,val}.tar`, as WebDataset and shells write them. */
import { GmlpError } from '@gmlp/base';

const mostNames = 1_000_000;

/** All names, in their order. The numbers of a range have the width of its first one. Braces inside braces are not known. */
export function expandBraces(pattern: string): string[] {
  const found = /\{([^{}]*)\}/.exec(pattern);
  if (found === null) {
    if (/[{}]/.test(pattern)) throw refused(pattern, 'a brace without its other one');
    return [pattern];
  }
  const inner = found[1]!;
  const range = /^(\d+)\.\.(\d+)$/.exec(inner);
  if (range === null && !inner.includes(',')) throw refused(pattern, `expected {000..123} or {one,two}, got {${inner}}`);
  const choices = range === null ? inner.split(',') : numbers(pattern, range[1]!, range[2]!);
  const [before, after] = [pattern.slice(0, found.index), expandBraces(pattern.slice(found.index + found[0].length))];
  if (choices.length * after.length > mostNames) throw refused(pattern, `more than ${mostNames} names`);
  return choices.flatMap((choice) => after.map((rest) => `${before}${choice}${rest}`));
}

function numbers(pattern: string, first: string, last: string): string[] {
  const count = Number(last) - Number(first) + 1;
  if (count < 1) throw refused(pattern, `${first}..${last} goes down`);
  if (!(count <= mostNames)) throw refused(pattern, `more than ${mostNames} names`);
  return Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(first.length, '0'));
}

const refused = (pattern: string, problem: string): GmlpError =>
  new GmlpError('invalid-argument', `expandBraces: ${pattern}: ${problem}`, { pattern });
