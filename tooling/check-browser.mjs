/**
 * Bundles the main entry of every publishable library for the browser, from its built files and with everything that it
 * imports. A module of Node in a bundle, or an import that cannot be resolved, fails. Prints what a user downloads: our code
 * with its dependencies, and the same with TF.js where it is a peer. Then weighs what an application starts with of them
 * against a budget, with no runtime in it: those come when a device is opened. Then bundles a small program and runs it. Build first.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleForBrowser } from './bundle-for-browser.mjs';
import { finish, publishablePackages } from './publishable-packages.mjs';
import { root } from './run-built.mjs';

/** What an application starts with at most, in bytes after gzip; tfjs-core, which its own code may use too, apart. */
const budgets = [
  { what: 'one gMLP layer', program: 'browser-layer.mjs', bytes: 10_000 },
  { what: 'one model', program: 'browser-model.mjs', bytes: 20_000 },
  { what: 'a page that trains', program: 'src/browser-trainer.ts', bytes: 150_000 },
];
/** In the path of a module that belongs to a device alone. */
const ofRuntimes = /node_modules[\\/](onnxruntime|@tensorflow[\\/]tfjs-backend)/;

const conformance = join(root, 'packages/conformance');
const sizeOf = (code) => gzipSync(code).length;
const inKilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const kilobytes = (code) => inKilobytes(sizeOf(code));
const findings = new Map();

for (const { folder, manifest } of publishablePackages().filter((each) => each.manifest.exports)) {
  const entry = join(folder, manifest.exports['.'].default);
  const own = await bundleForBrowser(entry, { external: Object.keys(manifest.peerDependencies ?? {}) });
  const whole = await bundleForBrowser(entry, { external: Object.keys(manifest.peerDependenciesMeta ?? {}) });
  console.log(`${manifest.name}: ${kilobytes(own.code)} gzip, ${kilobytes(whole.code)} with its peers`);
  findings.set(manifest.name, [...new Set([...own.foreign, ...whole.foreign])]);
}

console.log('\n| what an application imports | gzip | budget |\n|---|---:|---:|');
for (const { what, program, bytes } of budgets) {
  const { code, startModules, foreign } = await bundleForBrowser(join(conformance, program), {
    external: ['@tensorflow/tfjs-core'],
    lazy: true,
  });
  console.log(`| ${what} | ${kilobytes(code)} | ${inKilobytes(bytes)} |`);
  const over = sizeOf(code) > bytes ? [`${what} is ${kilobytes(code)} after gzip, its budget ${inKilobytes(bytes)}`] : [];
  findings.set(`${what} within its budget`, [...foreign, ...over]);
  const early = startModules.filter((path) => ofRuntimes.test(path)).map((path) => `it starts with ${path}`);
  findings.set(`${what} starts without a runtime`, early);
}
console.log();

const program = join(conformance, 'browser-program.mjs');
const banner = 'const process = undefined, window = { document: {} };';
const { code, foreign } = await bundleForBrowser(program, { banner });
const { status, stderr } = spawnSync(process.execPath, ['--input-type=module'], { input: code, encoding: 'utf8' });
console.log(`a program with a gMLP block on TF.js's cpu backend: ${kilobytes(code)} gzip`);
findings.set('the program runs', [...foreign, ...(status === 0 ? [] : [stderr.match(/^\w*Error.*$/m)?.[0] ?? stderr])]);

finish(findings);
