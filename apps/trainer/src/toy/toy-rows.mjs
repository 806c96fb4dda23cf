/**
 * `node --import <this>`: the lines that CONTRIBUTING asks for of a new task and a new family, put into the tables as they are loaded, so
 * that the toys stand in no table of the product.
 */
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

const family = new URL('../../../../packages/models/src/toy-language.ts', import.meta.url);
const task = new URL('./counting.ts', import.meta.url);

/** A line before which table, and the import that it needs. */
const rows = [
  ['/tasks/table.ts', 'export const tasks = {', 'counting,', `import { counting } from ${JSON.stringify(task)};`],
  ['/models/src/families.ts', 'export const families = {', "'toy-language': toyLanguageFamily,", `import { toyLanguageFamily } from ${JSON.stringify(family)};`],
  ['/models/src/variants.ts', 'const byFamily = {', "'toy-language': {},", ''],
  ['/tasks/masked-language.ts', 'families: [', "'toy-language',", ''],
]; // biome-ignore format: a row a line

export async function load(url, context, next) {
  const loaded = await next(url, context);
  const row = rows.find(([file]) => url.endsWith(file));
  if (row === undefined) return loaded;
  const [file, table, line, imported] = row;
  const source = String(loaded.source);
  if (!source.includes(table)) throw new Error(`${fileURLToPath(url)}: expected "${table}" in ${file}`);
  return { ...loaded, source: `${imported}\n${source.replace(table, `${table} ${line}`)}` };
}

// Loaded a second time, as hooks, it registers nothing.
if (new URL(import.meta.url).search === '') register(`${import.meta.url}?hooks`);
