import { execFileSync } from 'node:child_process';
import { normalize } from 'node:path';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

const names = ['runs/mine', 'my run', 'a$HOME', 'a`id`', "it's", 'say "x"', 'a\\b', 'a!b', '-x', 'é', 'a;b', 'a\nb', '*'];

it.skipIf(process.platform === 'win32')('the shell takes each for one word that leads to the same place', () => {
  const script = `printf '%s\\0' ${names.map((name) => shellWord(name)).join(' ')}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(words.map(normalize)).toEqual(names.map(normalize));
});

it('leaves plain names as they are, with the slashes of their system', () => {
  expect([shellWord('runs/mine', 'linux'), shellWord('C:\\runs\\mine', 'win32')]).toEqual(['runs/mine', 'C:\\runs\\mine']);
  expect(shellWord('C:\\my runs', 'win32')).toBe('"C:\\my runs"');
});
