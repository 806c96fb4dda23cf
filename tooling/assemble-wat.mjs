/**
 * `node tooling/assemble-wat.mjs`: writes the WebAssembly programs of this workspace, which are text in `.wat`, into the modules that
 * load them. A test says when one is older than its text.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import initialise from 'wabt';
import { root } from './run-built.mjs';

/** Text and module. */
export const programs = [['packages/vision/src/pixels/resize.wat', 'packages/vision/src/pixels/resize-program.ts']];

export async function moduleOf(wat) {
  const wabt = await initialise();
  const program = wabt.parseWat(wat, readFileSync(join(root, wat), 'utf8'), { simd: true });
  try {
    const { buffer } = program.toBinary({});
    return `/** Written by \`node tooling/assemble-wat.mjs\` from ${wat.split('/').at(-1)}: change nothing by hand. */
export const program =
  '${Buffer.from(buffer).toString('base64')}';
`;
  } finally {
    program.destroy();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [wat, path] of programs) writeFileSync(join(root, path), await moduleOf(wat));
}
