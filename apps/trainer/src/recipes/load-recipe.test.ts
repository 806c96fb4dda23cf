import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtInRecipes } from './built-in.ts';
import { loadRecipe } from './load-recipe.ts';

const sotu = builtInRecipes.get('sotu')!;
const mine = { ...sotu, name: 'mine' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-load-recipe-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it('finds every built-in recipe by its name', async () => {
  for (const [name, recipe] of builtInRecipes) expect(await loadRecipe(name)).toBe(recipe);
});

it('reads JSON, also with a byte order mark', async () => {
  expect(await loadRecipe(await file('mine.json', JSON.stringify(mine)))).toEqual(mine);
  expect(await loadRecipe(await file('marked.JSON', `\ufeff${JSON.stringify(mine)}`))).toEqual(mine);
});

it('reads an ES module that exports recipe', async () => {
  await mkdir(join(folder, 'a folder, über all'));
  const path = await file(
    'a folder, über all/mine.mjs',
    `const steps = 2 * 1200;\nexport const recipe = { ...${JSON.stringify(mine)}, steps };\n`,
  );
  expect(await loadRecipe(path)).toEqual(mine);
});

it.each<[string, string | Uint8Array, RegExp]>([
  ['broken.json', '{\n  "name": "mine",\n  "steps": oops\n}', /broken\.json is not JSON: .*oops|line 3, column 12/s],
  ['empty.json', '', /empty\.json is not JSON/],
  ['latin.json', Uint8Array.of(0x22, 0xe9, 0x22), /latin\.json cannot be read as UTF-8 text/],
  ['huge.json', `${JSON.stringify(mine)}${' '.repeat(2 ** 20)}`, /huge\.json has \d+ bytes; a recipe has at most 1048576/],
  ['polluting.json', '{"__proto__": {"steps": 1}}', /polluting\.json: the name __proto__ is refused/],
  [
    'misspelt.json',
    JSON.stringify({ ...mine, stpes: 1 }),
    /misspelt\.json is not a valid recipe\n {2}stpes: unknown; did you mean "steps"\?/,
  ],
  [
    'nameless.mjs',
    'export const setting = 1; export default {};',
    /nameless\.mjs must export "recipe" .*, it exports default, setting/,
  ],
  ['silent.mjs', '', /silent\.mjs must export "recipe" .*, it exports nothing/],
  ['throwing.mjs', 'throw new Error("on purpose");', /throwing\.mjs failed to load: Error: on purpose/],
  ['syntax.mjs', 'export const = 3;', /syntax\.mjs failed to load: /],
  ['lost.mjs', 'import "./nowhere.mjs"; export const recipe = {};', /lost\.mjs failed to load: .*nowhere\.mjs/],
  ['wrong.mjs', 'export const recipe = () => ({});', /wrong\.mjs: expected plain data, got a function/],
  ['null.mjs', 'throw null;', /null\.mjs failed to load: null/],
  [
    'getter.mjs',
    'export const recipe = { get name() { throw new TypeError("mine") } };',
    /getter\.mjs: .* failed: TypeError: mine/,
  ],
  ['recipe.yaml', 'name: mine', /a recipe's file ends in one of \.json, \.mjs, .*, got .*recipe\.yaml/],
])('refuses %s', async (name, content, message) => {
  const path = await file(name, content);
  await expect(loadRecipe(path)).rejects.toThrow(message);
  await expect(loadRecipe(path)).rejects.toMatchObject({ name: 'GmlpError' });
});

it('a name that leads to something else says what to do with it', async () => {
  await file('forgotten.json', JSON.stringify(mine));
  await expect(loadRecipe(join(folder, 'forgotten'))).rejects.toThrow(
    /forgotten is no recipe; did you mean .*forgotten\.json\?$/,
  );
  await mkdir(join(folder, 'my text'));
  await expect(loadRecipe(join(folder, 'my text'))).rejects.toThrow(
    /gmlp train sotu --set data\.source=text --set 'data\.path=.*my text'/,
  );
  await mkdir(join(folder, 'model'));
  await file('model/config.json', '{}');
  await expect(loadRecipe(join(folder, 'model'))).rejects.toThrow(
    /model is no recipe; it is the folder of a model, and only a run/,
  );
});

it('refuses what is not there', async () => {
  await expect(loadRecipe('sotus')).rejects.toThrow(/there is no recipe "sotus"; did you mean sotu\?/);
  await expect(loadRecipe('resnet')).rejects.toThrow(/there is no recipe "resnet"\n {2}known: sotu/);
  await expect(loadRecipe('__proto__')).rejects.toThrow(/there is no recipe "__proto__"/);
  await expect(loadRecipe('runs/mine')).rejects.toThrow(/got runs\/mine, which is no run either \(it holds no run\.json\)/);
  await expect(loadRecipe('')).rejects.toThrow(/there is no recipe ""/);
  await expect(loadRecipe(join(folder, 'nowhere.json'))).rejects.toThrow(/nowhere\.json does not exist/);
  await expect(loadRecipe(join(folder, 'nowhere.mjs'))).rejects.toThrow(/nowhere\.mjs does not exist/);
  await mkdir(join(folder, 'folder.json'));
  await expect(loadRecipe(join(folder, 'folder.json'))).rejects.toThrow(/folder\.json is not a file/);
});
