/** Every place of a recipe that a value can be put at: `optimiser.peakRate`, `optimiser.betas.0`, `model.head.tied`. */
import { nearestName } from '@gmlp/base';
import type * as z from 'zod/mini';
import { taskNames, taskOf } from '../tasks/table.ts';
import { optimiserSchemas } from './optimiser-schema.ts';
import { recipeSchema } from './recipe.ts';
import { trainedSchemas } from './recipe-model.ts';
import { unwrapped } from './schema-fields.ts';

export interface RecipePath {
  readonly name: string;
  /** Whether what stands there is text: a bare word or number on the command line is then taken as it is. */
  readonly text: boolean;
  /** Whether it may be left out of a recipe that is whole: null then takes it away. */
  readonly optional: boolean;
}

/** `absent`: what may be left out besides what is optional, by what wraps its schema. */
function* pathsOf(
  schema: z.core.$ZodType,
  name: string,
  absent: (wrapping: string) => boolean,
): Generator<RecipePath, void, undefined> {
  const { def } = unwrapped(schema)._zod;
  const outer = (schema as z.core.$ZodTypes)._zod.def.type;
  if (name !== '') {
    const optional = outer === 'optional' || absent(outer);
    yield { name, text: def.type === 'string' || def.type === 'enum' || def.type === 'literal', optional };
  }
  const below = (child: string): string => (name === '' ? child : `${name}.${child}`);
  if (def.type === 'object') {
    for (const [child, inner] of Object.entries(def.shape)) yield* pathsOf(inner, below(child), absent);
  } else if (def.type === 'tuple') {
    for (const [index, item] of def.items.entries()) yield* pathsOf(item, below(String(index)), absent);
  } else if (def.type === 'union') {
    // Each form has paths of its own; which of them a recipe has is seen in the outcome.
    for (const option of def.options) {
      for (const path of pathsOf(option, name, absent)) if (path.name !== name) yield path;
    }
  }
}

function* allPaths(): Generator<RecipePath, void, undefined> {
  yield* pathsOf(recipeSchema, '', () => false);
  for (const schema of Object.values(optimiserSchemas)) {
    for (const path of pathsOf(schema, 'optimiser', (wrapping) => wrapping === 'default')) {
      if (path.name !== 'optimiser') yield path;
    }
  }
  for (const task of taskNames) {
    for (const path of pathsOf(taskOf(task).data, 'data', (wrapping) => wrapping === 'default')) {
      if (path.name !== 'data') yield path;
    }
  }
  yield { name: 'model.variant', text: true, optional: true };
  for (const schema of trainedSchemas.values()) {
    for (const path of pathsOf(schema, 'model', () => true)) {
      if (path.name !== 'model' && path.name !== 'model.vocabulary') yield path;
    }
  }
}

/** What one task, family or optimiser need not have may be taken away, whatever another needs: the schema of the outcome says so. */
function merged(): ReadonlyMap<string, RecipePath> {
  const paths = new Map<string, RecipePath>();
  for (const path of allPaths()) {
    paths.set(path.name, { ...path, optional: path.optional || paths.get(path.name)?.optional === true });
  }
  return paths;
}

export const recipePaths: ReadonlyMap<string, RecipePath> = merged();

/** The names that may stand below a path; those of the recipe itself below ''. */
export function namesBelow(parent: string): readonly string[] {
  const start = parent === '' ? '' : `${parent}.`;
  return [...recipePaths.keys()]
    .filter((path) => path.startsWith(start))
    .map((path) => path.slice(start.length))
    .filter((name) => !name.includes('.'));
}

/** The path that was meant: the nearest name at each level, else the path that ends with the nearest name. */
export function nearestPath(path: string): string | undefined {
  const names = path.split('.');
  let found: string | undefined = '';
  for (const name of names) {
    const next: string | undefined = nearestName(name, namesBelow(found));
    if (next === undefined) return endingWith(names.at(-1)!);
    found = found === '' ? next : `${found}.${next}`;
  }
  return found;
}

function endingWith(name: string): string | undefined {
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  // A place in a list is meant only where the list was named: every short name resembles a digit.
  const names = [...recipePaths.keys()].map(last).filter((each) => !/^\d+$/.test(each));
  const nearest = nearestName(name, names);
  return [...recipePaths.keys()].find((path) => last(path) === nearest);
}
