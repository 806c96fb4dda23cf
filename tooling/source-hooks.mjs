/** The hooks of source-loader.mjs: packages of ours are their sources, types are removed, TF.js's gradients can be loaded. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';

/** TF.js's ES modules: imports without extensions, in a package that says it is CommonJS. */
const tensorflow = /\/@tensorflow\/tfjs-core\/dist\/(?!tf-core\.)[^?]*\.js$/;

export function resolve(specifier, context, next) {
  const bare = tensorflow.test(context.parentURL ?? '') && /^\.\.?\//.test(specifier) && !specifier.endsWith('.js');
  const conditions = ['gmlp-source', ...context.conditions];
  return next(bare ? `${specifier}.js` : specifier, { ...context, conditions });
}

export async function load(url, context, next) {
  if (tensorflow.test(url)) return { format: 'module', source: await readFile(fileURLToPath(url)), shortCircuit: true };
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const { code, errors } = transformSync(path, await readFile(path, 'utf8'), { sourcemap: false });
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`);
  return { format: 'module', source: code, shortCircuit: true };
}
