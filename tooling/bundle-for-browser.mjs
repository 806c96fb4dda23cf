import { builtinModules } from 'node:module';
import { rolldown } from 'rolldown';

const builtins = new Set(builtinModules);
const isBuiltin = (specifier) => specifier.startsWith('node:') || builtins.has(specifier);
const belongsTo = (specifier) => (name) => specifier === name || specifier.startsWith(`${name}/`);

/**
 * Bundles one entry for the browser, leaving the packages in `external` out. Returns the code, and what it needs that a
 * browser lacks: modules of Node, imports that cannot be resolved.
 */
export async function bundleForBrowser(entry, { external = [], banner = '' } = {}) {
  const foreign = new Set();
  const noNode = {
    name: 'gmlp-no-node',
    resolveId(specifier, importer) {
      if (external.some(belongsTo(specifier))) return { id: specifier, external: true };
      // TF.js asks for modules of Node behind a check of where it runs; its package.json maps them away for browsers.
      const ours = !/node_modules/.test(importer ?? '') || /@gmlp[\\/][^\\/]+[\\/]dist/.test(importer ?? '');
      if (isBuiltin(specifier) && ours) foreign.add(`${importer} imports ${specifier}`);
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
