/** The run or model that a mistyped path most likely means: one beside it, or one in runs/. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nearestName } from '@gmlp/base';
import { shellWord } from './shell-word.ts';

/** As words to end a message with: `; did you mean runs/sotu?`, or nothing where none is near. */
export async function nearestRun(path: string): Promise<string> {
  for (const folder of [dirname(path), 'runs']) {
    const names = await readdir(folder).catch(() => []);
    const others = names.filter((name) => resolve(folder, name) !== resolve(path) && isRunOrModel(join(folder, name)));
    const name = others.find((each) => each === basename(path)) ?? nearestName(basename(path), others);
    if (name !== undefined) return `; did you mean ${shellWord(join(folder, name))}?`;
  }
  return '';
}

const isRunOrModel = (path: string): boolean => ['run.json', 'config.json'].some((file) => existsSync(join(path, file)));
