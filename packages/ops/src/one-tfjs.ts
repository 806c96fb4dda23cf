/**
 * TF.js keeps its engine and its registries in globals of the process. A second copy of it shares the engine of the first one,
 * but not its classes: kernels and gradients are those of whichever copy registered last, and a buffer of one is none to the other.
 * Of two copies of one version the scatter of tfjs-cpu then starts from zeros instead of the values that it was given, and gradients
 * are wrong without a word; another version fails far from its cause. So a second copy is refused as soon as it can be seen.
 *
 * In Node every copy is seen, in whatever order they were loaded. A bundle shows its copies to nobody: there, those are seen
 * that another copy of this package uses and the one that a script left as `globalThis.tf`.
 */
import { GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';

interface Copy {
  readonly version: string;
  readonly path: string;
}

/** Copies by a class that each has of its own. */
type Copies = Map<unknown, Copy>;

interface Core {
  readonly version_core?: unknown;
  readonly Environment?: unknown;
}

interface NodeProcess {
  readonly execPath: string;
  getBuiltinModule?(name: 'node:module'): { createRequire(file: string): { cache: Record<string, { exports?: Core }> } };
}

const noted = Symbol.for('gmlp.tfjs');
const host = globalThis as unknown as { process?: NodeProcess; tf?: Core; [noted]?: Copies };

function add(copies: Copies, core: Core | undefined, path: string): void {
  const { version_core: version, Environment: own } = core ?? {};
  if (typeof version === 'string' && typeof own === 'function' && !copies.has(own)) copies.set(own, { version, path });
}

/** The copies in this process, the one that this file uses noted for other copies of this package. */
function copiesInProcess(): Copies {
  const copies: Copies = new Map();
  // The cache of Node's modules, without an import that a browser could not follow. Any absolute path will do.
  const cache = host.process?.getBuiltinModule?.('node:module').createRequire(host.process.execPath).cache ?? {};
  for (const file of Object.keys(cache)) {
    const core = /^(.*)[\\/]dist[\\/]tf-core\.[^\\/]*js$/.exec(file);
    if (core) add(copies, cache[file]?.exports, core[1]!);
  }
  host[noted] ??= new Map();
  for (const [own, copy] of host[noted]) if (!copies.has(own)) copies.set(own, copy);
  add(copies, tf, import.meta.url);
  add(copies, host.tf, 'globalThis.tf, left by a script');
  host[noted].set(tf.Environment, copies.get(tf.Environment)!);
  return copies;
}

let platform: unknown = null;

/** Throws `version-conflict` when the process holds another copy of TF.js than the one that this package uses. */
export function expectOneTfjs(): void {
  const now: unknown = tf.env().platform;
  if (now === platform) return; // each copy that is loaded sets its own, so nothing was loaded since
  const copies = copiesInProcess();
  const { version, path } = copies.get(tf.Environment)!;
  const others = [...copies].flatMap(([own, copy]) => (own === tf.Environment ? [] : [copy]));
  if (others.length > 0) {
    const found = others.map((copy) => `version ${copy.version} at ${copy.path}`).join(' and ');
    throw new GmlpError(
      'version-conflict',
      `@gmlp/ops: expected one copy of @tensorflow/tfjs-core in this process. gmlp uses version ${version} at ${path}, but there is also ${found}. ` +
        'TF.js keeps its tensors and kernels in globals, which two copies cannot share, not even of one version. "npm ls @tensorflow/tfjs-core" shows who asks for which: ' +
        `let all ask for ${version} and run "npm dedupe", or set it under "overrides" in package.json (a bundler: dedupe @tensorflow/tfjs-core)`,
      { uses: { version, path }, others },
    );
  }
  platform = now;
}
