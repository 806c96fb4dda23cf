/**
 * A copy of a value that came from outside (JSON, a module, the command line) with nothing in it but what JSON can say. So
 * a prototype, an accessor or a name such as `__proto__` never gets further than this.
 */
import { GmlpError, pathName, type TreePath } from '@gmlp/base';

export type PlainData = null | boolean | number | string | readonly PlainData[] | { readonly [name: string]: PlainData };

/** Names that mean something else than a property to JavaScript. */
const refusedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Deeper than any recipe, and far from what fills the stack. */
const maximalDepth = 32;

/** Throws unless the name is one that data may have. `where` opens the message. */
export function expectName(where: string, path: TreePath): void {
  const name = path.at(-1);
  if (typeof name !== 'string' || !refusedNames.has(name)) return;
  throw new GmlpError('invalid-data', `${where}: the name ${pathName(path)} is refused; no recipe has "${name}" in it`, { path });
}

/** Properties that are undefined are left out, as in JSON; anything else that JSON cannot say is refused with its path. */
export function plainData(value: unknown, where: string): PlainData {
  const refuse = (path: TreePath, expected: string, got: string): GmlpError =>
    new GmlpError(
      'invalid-data',
      `${where}: ${path.length === 0 ? 'expected' : `${pathName(path)}: expected`} ${expected}, got ${got}`,
      {
        path,
      },
    );
  const copy = (node: unknown, path: TreePath): PlainData => {
    if (node === null || typeof node === 'boolean' || typeof node === 'string') return node;
    if (typeof node === 'number') {
      if (Number.isFinite(node)) return node === 0 ? 0 : node; // JSON has no negative zero
      throw refuse(path, 'a finite number', String(node));
    }
    if (typeof node !== 'object') throw refuse(path, 'plain data', typeof node === 'undefined' ? 'nothing' : `a ${typeof node}`);
    if (path.length >= maximalDepth) throw refuse(path.slice(0, 3), `at most ${maximalDepth} levels`, 'more (is it a circle?)');
    if (Array.isArray(node)) return Array.from(node, (item, index) => copy(item, [...path, index]));
    const prototype: unknown = Object.getPrototypeOf(node);
    if (prototype !== null && prototype !== Object.prototype)
      throw refuse(path, 'a plain object', 'one with a prototype of its own');
    const entries: [string, PlainData][] = [];
    for (const [name, child] of Object.entries(node)) {
      expectName(where, [...path, name]);
      if (child !== undefined) entries.push([name, copy(child, [...path, name])]);
    }
    return Object.fromEntries(entries);
  };
  try {
    return copy(value, []);
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    throw new GmlpError('invalid-data', `${where}: expected plain data, and reading it failed: ${String(cause)}`, {}, { cause }); // a getter's own error
  }
}
