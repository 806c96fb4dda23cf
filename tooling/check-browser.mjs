/**
 * Bundles the main entry of every publishable library for the browser, from its built files and with everything that it
 * imports. A module of Node in a bundle, or an import that cannot be resolved, fails. Prints what a user downloads: our code
 * with its dependencies, and the same with TF.js where it is a peer. Then bundles a small program and runs it. Build first.
 */
import { spawnSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { finish, publishablePackages } from './publishable-packages.mjs';
import { root } from './run-built.mjs';

const builtins = new Set(builtinModules);
const isBuiltin = (specifier) => specifier.startsWith('node:') || builtins.has(specifier);
const belongsTo = (specifier) => (name) => specifier === name || specifier.startsWith(`${name}/`);

/** Bundles one entry, leaving the packages in `external` out. Returns the code, and what it needs that a browser lacks. */
async function bundle(entry, { external = [], banner = '' } = {}) {
  const foreign = new Set();
  const noNode = {
    name: 'gmlp-no-node',
    resolveId(specifier, importer) {
      if (external.some(belongsTo(specifier))) return { id: specifier, external: true };
      // TF.js asks for modules of Node behind a check of where it runs; its package.json maps them away for browsers.
      if (isBuiltin(specifier) && !/node_modules/.test(importer ?? '')) foreign.add(`${importer} imports ${specifier}`);
      return null;
    },
  };
  const options = { input: entry, platform: 'browser', onLog: () => {}, plugins: [noNode] };
  const bundled = await rolldown(options);
  const { output } = await bundled.generate({ format: 'esm', minify: true, codeSplitting: false, banner });
  await bundled.close();
  for (const specifier of output.flatMap((chunk) => [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])])) {
    if (!external.some(belongsTo(specifier))) foreign.add(`the bundle still imports ${specifier}`);
  }
  return { code: Buffer.concat(output.map((chunk) => Buffer.from(chunk.code ?? chunk.source))), foreign: [...foreign] };
}

const kilobytes = (bytes) => `${(gzipSync(bytes).length / 1000).toFixed(1)} kB`;
const findings = new Map();

for (const { folder, manifest } of publishablePackages().filter((each) => each.manifest.exports)) {
  const entry = join(folder, manifest.exports['.'].default);
  const own = await bundle(entry, { external: Object.keys(manifest.peerDependencies ?? {}) });
  const whole = await bundle(entry, { external: Object.keys(manifest.peerDependenciesMeta ?? {}) });
  console.log(`${manifest.name}: ${kilobytes(own.code)} gzip, ${kilobytes(whole.code)} with its peers`);
  findings.set(manifest.name, [...new Set([...own.foreign, ...whole.foreign])]);
}

const program = join(root, 'packages/conformance/browser-program.mjs');
const banner = 'const process = undefined, window = { document: {} };';
const { code, foreign } = await bundle(program, { banner });
const { status, stderr } = spawnSync(process.execPath, ['--input-type=module'], { input: code, encoding: 'utf8' });
console.log(`a program with a gMLP block on TF.js's cpu backend: ${kilobytes(code)} gzip`);
findings.set('the program runs', [...foreign, ...(status === 0 ? [] : [stderr.match(/^\w*Error.*$/m)?.[0] ?? stderr])]);

finish(findings);
