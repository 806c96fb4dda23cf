/** The recipes of runs, setting by setting; of several runs those that differ come first. */
import type { Recipe } from '../recipes/recipe.ts';
import { html, type Markup } from './html.ts';
import { table } from './parts.ts';
import type { RunData } from './read-run.ts';

export function settingsTable(runs: readonly RunData[]): Markup {
  const settings = runs.map(({ file }) => flatten(file.recipe));
  const names = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const rows = names.map((name): [string, ...string[]] => [name, ...settings.map((each) => each.get(name) ?? '')]);
  if (runs.length === 1) return table(rows);
  const differ = ([, ...values]: readonly string[]): boolean => new Set(values).size > 1;
  const header = ['', ...runs.map(({ name }) => name)];
  return html`<h3>What differs</h3>
${rows.some(differ) ? table(rows.filter(differ), header) : html`<p>Nothing: the recipes are the same.</p>`}
<h3>What is the same</h3>
${table(rows.filter((row) => !differ(row)).map(([name, value]) => [name, value!]))}`;
}

/** `optimiser.peakRate` -> `0.004`. What a recipe says about itself is no setting. */
function flatten({ claim, command, paper, ...recipe }: Recipe): Map<string, string> {
  const settings = new Map<string, string>();
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) settings.set(path, String(node ?? 'none'));
    else if (Array.isArray(node)) settings.set(path, node.join(', '));
    else for (const [name, child] of Object.entries(node)) visit(child, path === '' ? name : `${path}.${name}`);
  };
  visit(recipe, '');
  return settings;
}
