/**
 * Settings from the command line, `optimiser.peakRate=1e-3`, put into a recipe one after the other. The value is JSON, or
 * text as it stands where text belongs. Null takes away what a recipe need not have. `model.variant=...` replaces the model, and
 * `optimiser.name=...` the settings that one optimiser has for those of another: what replaces others goes first, wherever it stands.
 */
import { GmlpError } from '@gmlp/base';
import { claimOf } from './claim.ts';
import { ofEveryOptimiser } from './optimiser-schema.ts';
import { expectName, type PlainData, plainData } from './plain-data.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { namesBelow, nearestPath, type RecipePath, recipePaths } from './recipe-paths.ts';

/** The recipe with all settings applied; only the outcome has to be valid, so that settings may depend on each other. */
export function applySettings(recipe: Recipe, settings: readonly string[]): Recipe {
  if (settings.length === 0) return recipe;
  const ordered = [...settings].sort((a, b) => Number(replaces(b)) - Number(replaces(a)));
  const changed = ordered.reduce(apply, plainData(recipe, 'applySettings'));
  return withoutClaim(parseRecipe(changed, `${recipe.name} with --set ${settings.join(' --set ')}`));
}

/** The paper prints nothing of other settings, and the command of the recipe does not train them. */
function withoutClaim(recipe: Recipe): Recipe {
  if (claimOf(recipe) !== undefined || recipe.claim === '') return recipe;
  const { paper: _, ...rest } = recipe;
  return { ...rest, claim: '', command: '' };
}

/** A whole part of a recipe, or what decides which settings a part has. */
const replaces = (setting: string): boolean => /^\s*(model\.variant|optimiser\.name|\w+)\s*=/.test(setting);

function apply(recipe: PlainData, setting: string): PlainData {
  const where = `applySettings: --set ${setting}`;
  const equals = setting.indexOf('=');
  if (equals < 1) throw refused(where, 'expected path=value, as in --set optimiser.peakRate=1e-3');
  const name = setting.slice(0, equals).trim();
  const path = name.split('.');
  for (const end of path.keys()) expectName(where, path.slice(0, end + 1));
  const place = recipePaths.get(name);
  if (!place) throw unknownPath(where, name);
  const value = settingValue(setting.slice(equals + 1), place, where);
  if (value !== undefined && at(recipe, path) === value) return recipe;
  if (name === 'model.variant' && value !== undefined) return replaced(recipe, ['model'], { variant: value }, where);
  if (name === 'optimiser.name') return otherOptimiser(recipe, value, where);
  return replaced(recipe, path, value, where);
}

const at = (recipe: PlainData, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, part) => (node as Readonly<Record<string, unknown>> | null | undefined)?.[part], recipe);

/** What all optimisers have stays: rates, and what is done around them. */
function otherOptimiser(recipe: PlainData, name: PlainData | undefined, where: string): PlainData {
  const { optimiser } = recipe as { readonly optimiser?: PlainData };
  if (typeof optimiser !== 'object' || optimiser === null || isArray(optimiser)) {
    return replaced(recipe, ['optimiser', 'name'], name, where);
  }
  const common = Object.entries(optimiser).filter(([setting]) => ofEveryOptimiser.has(setting));
  return replaced(recipe, ['optimiser'], { ...(name !== undefined && { name }), ...Object.fromEntries(common) }, where);
}

/** Undefined: to be taken away. */
function settingValue(text: string, { text: isText, optional }: RecipePath, where: string): PlainData | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A shell takes the quotation marks of JSON away where nothing stands around it.
    if (!isText && /^\s*[[{]/.test(text)) {
      throw refused(where, 'the value is not JSON; in a shell put quotes around it all: --set \'model={"variant":"bert_base"}\'');
    }
    return text; // a bare word; the schema says whether one belongs here
  }
  if (json === null) return optional ? undefined : null;
  return isText && typeof json !== 'string' ? text : plainData(json, where);
}

function replaced(node: PlainData | undefined, path: readonly string[], value: PlainData | undefined, where: string): PlainData {
  const [name, ...rest] = path as [string, ...string[]];
  const child = (old: PlainData | undefined): PlainData | undefined =>
    rest.length === 0 ? value : replaced(old, rest, value, where);
  if (isArray(node)) return node.map((item, index) => (String(index) === name ? (child(item) ?? null) : item));
  if (typeof node !== 'object' && node !== undefined) {
    throw refused(where, `expected an object to hold "${name}", got ${JSON.stringify(node)}`);
  }
  const { [name]: old, ...others } = { ...node };
  const next = child(old);
  return next === undefined ? others : { ...node, [name]: next };
}

// Array.isArray does not narrow arrays that are readonly.
const isArray = (node: PlainData | undefined): node is readonly PlainData[] => Array.isArray(node);

const refused = (where: string, problem: string): GmlpError => new GmlpError('invalid-argument', `${where}: ${problem}`);

function unknownPath(where: string, name: string): GmlpError {
  const nearest = nearestPath(name);
  const parent = name.slice(0, Math.max(name.lastIndexOf('.'), 0));
  const inside = namesBelow(parent).map((known) => (parent === '' ? known : `${parent}.${known}`));
  const advice = nearest ? `did you mean ${nearest}?` : `there are ${(inside.length > 0 ? inside : namesBelow('')).join(', ')}`;
  return new GmlpError('not-found', `${where}: a recipe has no ${name}; ${advice}`, { name, nearest });
}
