/** The recipes of runs, setting by setting; of several runs those that differ come first. */
import { settingsOf } from '../named-leaves.ts';
import { html, type Markup } from './html.ts';
import { table } from './parts.ts';
import type { RunData } from './read-run.ts';

export function settingsTable(runs: readonly RunData[]): Markup {
  const settings = runs.map(({ file }) => settingsOf(file.recipe));
  const names = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const rows = names.map((name): [string, ...string[]] => [
    name,
    ...settings.map((each) => (each.has(name) ? shown(each.get(name)) : '')),
  ]);
  if (runs.length === 1) return table(rows);
  const differ = ([, ...values]: readonly string[]): boolean => new Set(values).size > 1;
  const header = ['', ...runs.map(({ name }) => name)];
  return html`<h3>What differs</h3>
${rows.some(differ) ? table(rows.filter(differ), header) : html`<p>Nothing: the recipes are the same.</p>`}
<h3>What is the same</h3>
${table(rows.filter((row) => !differ(row)).map(([name, value]) => [name, value!]))}`;
}

function shown(setting: unknown): string {
  return Array.isArray(setting) ? setting.join(', ') : String(setting ?? 'none');
}
