import { builtinModules } from 'node:module';
import { rolldown } from 'rolldown';

const builtins = new Set(builtinModules);
const isBuiltin = (specifier) => specifier.startsWith('node:') || builtins.has(specifier);
const belongsTo = (specifier) => (name) => specifier === name || specifier.startsWith(`${name}/`);

/**
 * Bundles one entry for the browser, leaving the packages in `external` out. `lazy` gives what is imported later files of its
 * own; it is part of the code otherwise. Returns the code that a page starts with and the modules in it, all files by name, and
 * what it needs that a browser lacks: modules of Node, imports that cannot be resolved.
 */
export async function bundleForBrowser(entry, { external = [], banner = '', lazy = false, minify = true } = {}) {
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
  const { output } = await bundled.generate({ format: 'esm', minify, codeSplitting: lazy, banner });
  await bundled.close();
  const files = new Map(output.map(({ fileName, code, source }) => [fileName, Buffer.from(code ?? source)]));
  for (const specifier of output.flatMap((chunk) => [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])])) {
    if (!files.has(specifier) && !external.some(belongsTo(specifier))) foreign.add(`the bundle still imports ${specifier}`);
  }
  const start = startOf(output);
  return {
    code: Buffer.concat(start.map(({ fileName }) => files.get(fileName))),
    start: start.map(({ fileName }) => fileName),
    startModules: start.flatMap(({ moduleIds }) => moduleIds),
    files,
    foreign: [...foreign],
  };
}

/** The entry, and the files that it imports before it runs, near or far. */
function startOf(output) {
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const start = new Set([output.find(({ isEntry }) => isEntry)]);
  // Sets grow while they are walked.
  for (const { imports } of start) for (const name of imports) if (chunks.has(name)) start.add(chunks.get(name));
  return [...start];
}
