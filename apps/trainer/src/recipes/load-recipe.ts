/** A recipe by its name, from a JSON file, or from an ES module that exports `recipe`. Only a module's own code is ever executed. */
import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ErrorCode, GmlpError, nearestName } from '@gmlp/base';
import { textExtensions } from '@gmlp/text/node';
import { nearestRun } from '../run/nearest-run.ts';
import { shellWord } from '../run/shell-word.ts';
import { builtInRecipes } from './built-in.ts';
import { fineTuningRecipes } from './fine-tuning-recipes.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { settled } from './settled.ts';

export const moduleExtensions: readonly string[] = ['.mjs', '.js', '.ts', '.mts'];
/** Far more than any recipe has. */
const maximalBytes = 2 ** 20;

/** A built-in name wins; what has an extension or a folder in it is a path, from the working directory. */
export async function loadRecipe(nameOrPath: string): Promise<Recipe> {
  const builtIn = builtInRecipes.get(nameOrPath);
  if (builtIn) return builtIn;
  const extension = extname(nameOrPath).toLowerCase();
  if (extension === '.json') return parseRecipe(await readJson(nameOrPath), nameOrPath);
  if (moduleExtensions.includes(extension)) return parseRecipe(await importRecipe(nameOrPath), nameOrPath);
  const names = [...builtInRecipes.keys()];
  const meant = await whatIsThere(nameOrPath);
  if (meant !== undefined) throw new GmlpError('not-found', `loadRecipe: ${nameOrPath} is no recipe; ${meant}`, { nameOrPath });
  if (nameOrPath.includes('/') || nameOrPath.includes(sep)) {
    const known = ['.json', ...moduleExtensions].join(', ');
    throw new GmlpError(
      'not-found',
      `loadRecipe: a recipe's file ends in one of ${known}, got ${nameOrPath}, which is no run either (it holds no run.json)${await nearestRun(nameOrPath)}`,
      { nameOrPath },
    );
  }
  if (Object.hasOwn(fineTuningRecipes, nameOrPath)) {
    throw new GmlpError(
      'not-found',
      `loadRecipe: ${nameOrPath} is what a trained model is trained further for: gmlp finetune ${nameOrPath} <model> --data <path>`,
      { nameOrPath },
    );
  }
  const nearest = nearestName(nameOrPath, names);
  throw new GmlpError(
    'not-found',
    `loadRecipe: there is no recipe "${nameOrPath}"${nearest ? `; did you mean ${nearest}?` : ''}\n  known: ${names.join(', ')}, and files (.json, .mjs)`,
    { nameOrPath, nearest, known: names },
  );
}

/** A name that leads to something else on the disk: a recipe's file without the end of its name, a folder of text, a model. */
async function whatIsThere(path: string): Promise<string | undefined> {
  const is = (file: string): Promise<'file' | 'folder' | undefined> =>
    stat(file).then(
      (found) => (found.isDirectory() ? 'folder' : 'file'),
      () => undefined,
    );
  for (const extension of ['.json', ...moduleExtensions])
    if ((await is(path + extension)) === 'file') return `did you mean ${path}${extension}?`;
  const found = await is(path);
  if (found === undefined || (found === 'file' && !textExtensions.includes(extname(path).toLowerCase()))) return undefined;
  if (found === 'folder' && (await is(join(path, 'config.json'))) === 'file')
    return 'it is the folder of a model, and only a run, which has a run.json, can be trained further';
  return `if it is text to train on: gmlp train sotu --set data.source=text --set ${shellWord(`data.path=${path}`)} --set data.heldOut=0.1`;
}

async function readJson(path: string): Promise<unknown> {
  await expectFile(path);
  const fail = (problem: string, cause: unknown): GmlpError =>
    new GmlpError('invalid-data', `loadRecipe: ${path} ${problem}`, { path }, { cause });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw fail('cannot be read as UTF-8 text', cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail(`is not JSON: ${withLine((cause as Error).message, text)}`, cause);
  }
}

/** Node 20 counts characters, people count lines. */
function withLine(message: string, text: string): string {
  const position = /at position (\d+)$/.exec(message)?.[1];
  if (position === undefined) return message;
  const lines = text.slice(0, Number(position)).split('\n');
  return `${message} (line ${lines.length}, column ${lines.at(-1)!.length + 1})`;
}

/** Before anything is read or executed: whether there is a file, and no larger than recipes are. */
async function expectFile(path: string): Promise<void> {
  const fail = (code: ErrorCode, problem: string): GmlpError => new GmlpError(code, `loadRecipe: ${path} ${problem}`, { path });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? fail('not-found', 'does not exist') : fail('io', `cannot be read: ${cause.message}`);
  });
  if (!found.isFile()) throw fail('invalid-data', 'is not a file');
  if (found.size > maximalBytes) throw fail('invalid-data', `has ${found.size} bytes; a recipe has at most ${maximalBytes}`);
}

async function importRecipe(path: string): Promise<unknown> {
  await expectFile(path);
  let module: Readonly<Record<string, unknown>>;
  try {
    const loading: Promise<unknown> = import(/* @vite-ignore */ pathToFileURL(resolve(path)).href);
    module = (await settled(loading, () => neverLoaded(path))) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    const { code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>; // a module may throw anything
    const advice =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? `; Node ${process.version} does not load ${extname(path)} files: compile it, write an .mjs, or take Node 22.18 or newer`
        : '';
    throw new GmlpError('invalid-data', `loadRecipe: ${path} failed to load: ${String(cause)}${advice}`, { path }, { cause });
  }
  if (Object.hasOwn(module, 'recipe')) return module['recipe'];
  const names = Object.keys(module).sort();
  throw new GmlpError(
    'invalid-data',
    `loadRecipe: ${path} must export "recipe" (export const recipe = { ... }), it exports ${names.join(', ') || 'nothing'}`,
    { path, exports: names },
  );
}

const neverLoaded = (path: string): GmlpError =>
  new GmlpError(
    'invalid-data',
    `loadRecipe: ${path} never finishes loading: it awaits what never comes; look at its top-level await`,
    { path },
  );
