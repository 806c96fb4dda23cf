import type { Recipe } from './recipes/recipe.ts';

/** The settings of a tree of settings by name, `optimiser.peakRate`; lists are settings as they are. */
export function namedLeaves(tree: object): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) leaves.set(path, node);
    else for (const [name, child] of Object.entries(node)) visit(child, path === '' ? name : `${path}.${name}`);
  };
  visit(tree, '');
  return leaves;
}

/** The same of a recipe. What it says about itself is no setting. */
export function settingsOf({ claim, command, paper, ...settings }: Recipe): Map<string, unknown> {
  return namedLeaves(settings);
}
