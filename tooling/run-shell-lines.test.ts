import { expect, it } from 'vitest';
import { runShellLines, shellLines } from './run-shell-lines.mjs';

const document = (...lines: readonly string[]) => ({ path: 'a.md', snippets: [{ language: 'sh', line: 10, lines }] });

it('runs lines in one folder, in order, and tells what a line that fails said', () => {
  const outcomes = runShellLines(
    document(
      'echo one > a.txt && cat a.txt | tr o 0 > b.txt',
      'grep -q 0ne b.txt',
      'cat nowhere.txt | sort',
      'pnpm soak',
      'npx --yes pnpm@0.0.1 gmlp',
    ),
  );
  expect(outcomes.get(10)).toEqual([]);
  expect(outcomes.get(11)).toEqual([]);
  expect(outcomes.get(12)!.join('\n')).toMatch(/^ended with 1\n.*nowhere\.txt: No such file/);
  expect(outcomes.get(13)).toBeUndefined();
  expect(outcomes.get(14)!.join('\n')).toContain('the check runs no npx --yes pnpm@0.0.1 gmlp');
});

it('expects the files that a line writes, and JSON in those of that name', () => {
  const outcomes = runShellLines(
    document(
      'echo "[1]" > good.json',
      'echo "> hello" > bad.json',
      'true # writes a/page.html',
      'mkdir a; touch a/page.html # writes a/page.html',
    ),
  );
  expect([...outcomes.values()].map((problems) => problems!.join())).toEqual([
    '',
    expect.stringContaining('bad.json is not JSON'),
    'a/page.html is not there after it',
    '',
  ]);
});

it('reads a line that a backslash continues as one, and passes over comments and other languages', () => {
  const [first] = document('# a comment', 'echo \\', '  two', '', 'ls').snippets;
  expect(shellLines([first!, { language: 'ts', line: 30, lines: ['let a;'] }])).toEqual([
    { number: 11, text: 'echo \\\n  two' },
    { number: 14, text: 'ls' },
  ]);
});
