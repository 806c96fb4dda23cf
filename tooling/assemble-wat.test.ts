import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { moduleOf, programs } from './assemble-wat.mjs';
import { root } from './run-built.mjs';

it.each(programs)('what is made of %s is there', async (wat, path) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(await moduleOf(wat));
});
