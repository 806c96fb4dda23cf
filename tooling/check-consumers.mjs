/**
 * `node tooling/check-consumers.mjs <folder>...`: type-checks the `example.ts` of each folder under strict TypeScript as Node
 * and as bundlers resolve modules, with the declarations of our packages that it leads to, and compiles it to `example.js`.
 * Prints JSON: what is wrong, by folder and resolution. One process for all, so that the standard library is parsed once.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './run-built.mjs';

const resolutions = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};
const strict = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
};

/** A host that parses what lies outside of the folders once. */
function sharingHost(options, parsed) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...rest) => {
    if (!file.startsWith(root)) return getSourceFile.call(host, file, ...rest);
    if (!parsed.has(file)) parsed.set(file, getSourceFile.call(host, file, ...rest));
    return parsed.get(file);
  };
  return host;
}

function check(folder, resolution, parsed) {
  const options = { ...strict, ...resolution };
  const example = join(folder, 'example.ts');
  const program = ts.createProgram([example], options, sharingHost(options, parsed));
  // File by file: TF.js's declarations do not pass on their own, ours do.
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === example || /\/node_modules\/@gmlp\/[^/]+\/dist\//.test(fileName));
  const wrong = [program.getOptionsDiagnostics(), program.getGlobalDiagnostics()].flat();
  for (const file of ours) wrong.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
  program.emit(program.getSourceFile(example));
  return wrong.map((each) =>
    ts
      .formatDiagnostic(each, { getCurrentDirectory: () => folder, getCanonicalFileName: (name) => name, getNewLine: () => '\n' })
      .trim(),
  );
}

const result = {};
for (const [name, resolution] of Object.entries(resolutions)) {
  const parsed = new Map();
  for (const folder of process.argv.slice(2)) {
    result[folder] ??= {};
    result[folder][name] = check(folder.replaceAll('\\', '/'), resolution, parsed);
  }
}
console.log(JSON.stringify(result));
