/** Type-checks and runs every ```ts block of README.md against the built packages, as a user's file would be. Build first. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './run-built.mjs';

// Inside a package that depends on all the others, where no other tool looks.
const folder = join(root, 'apps/trainer/node_modules/.gmlp-readme');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], index) => {
  const file = join(folder, `snippet-${index + 1}.ts`);
  writeFileSync(file, code);
  return { file, code };
});
if (snippets.length === 0) throw new Error('README.md has no ```ts block');

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
};
const program = ts.createProgram(
  snippets.map(({ file }) => file),
  options,
);
const diagnostics = ts.getPreEmitDiagnostics(program);
const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };

let failed = 0;
for (const { file, code } of snippets) {
  const wrong = diagnostics.filter((diagnostic) => !diagnostic.file || relative(file, diagnostic.file.fileName) === '');
  const script = file.replace(/\.ts$/, '.mjs');
  writeFileSync(
    script,
    ts.transpileModule(code, { compilerOptions: { target: options.target, module: ts.ModuleKind.ESNext } }).outputText,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  const good = wrong.length === 0 && status === 0;
  if (!good) failed++;
  console.log(`${good ? 'ok    ' : 'FAILED'} README.md: ${code.split('\n').length - 1} lines\n${stdout.trimEnd()}`);
  if (!good) console.log(ts.formatDiagnostics(wrong, host), stderr);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${snippets.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
