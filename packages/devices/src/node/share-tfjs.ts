/**
 * Lets a package that is about to be required use the copies of TensorFlow.js that this process has already. Copies share the
 * engine but not their classes: a backend of one and a kernel of the other do not know each other's buffers, and gradients come out
 * wrong without a word. So where the package would bring copies of its own, of the same version, Node is told to take the present
 * ones in their place; one of another version is refused before any of it is loaded.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unavailable } from '../opener.ts';

const core = '@tensorflow/tfjs-core';
/** What may be loaded twice, and through which of them a package may come to it. */
const shared = [core, '@tensorflow/tfjs-backend-cpu'] as const;
const between = ['@tensorflow/tfjs', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter', '@tensorflow/tfjs-data', ...shared];

/** `entry` is the file that requiring the package loads, `name` what errors call it. */
export function shareTfjs(name: string, entry: string): void {
  const ours = createRequire(import.meta.url);
  for (const requester of requesters(entry)) {
    for (const id of shared) {
      const [present, other] = [resolved(ours, id), resolved(requester, id)];
      if (present === undefined || other === undefined || present === other || ours.cache[other] === ours.cache[present])
        continue;
      const versions = [versionOf(present), versionOf(other)] as const;
      if (versions[0] !== versions[1]) {
        throw unavailable(
          `${name} comes with ${id} ${versions[1]}, this process has ${versions[0]}, and two versions cannot share it`,
          `install version ${versions[0]} of it`,
        );
      }
      ours(id); // it may not be loaded yet
      ours.cache[other] = ours.cache[present];
    }
  }
}

type Require = ReturnType<typeof createRequire>;

/** How the package and those that it may come to TensorFlow.js through see the packages around them. */
function requesters(entry: string): Require[] {
  const found = new Map<string, Require>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    const require = createRequire(file);
    found.set(file, require);
    for (const id of between) {
      const next = resolved(require, id);
      if (next !== undefined) visit(next);
    }
  };
  visit(entry);
  return [...found.values()];
}

function resolved(require: Require, id: string): string | undefined {
  try {
    return require.resolve(id);
  } catch {
    return undefined; // not installed for it
  }
}

/** Of the package that a file belongs to: its package.json is in the nearest folder above that has one with a version. */
function versionOf(file: string): string {
  const require = createRequire(file);
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const { version } = manifest(require, join(folder, 'package.json'));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function manifest(require: Require, path: string): { readonly version?: string } {
  try {
    return require(path) as { readonly version?: string };
  } catch {
    return {};
  }
}
