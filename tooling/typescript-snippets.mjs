/**
 * The TypeScript blocks of a document, type-checked strictly against the built packages and run, as a user's file would be:
 *
 *   ```ts                    a program of its own
 *   ```ts continued          goes on where the block before it ended
 *   ```ts no-run: <reason>   is type-checked, and not run because it needs what is not here (files, a network, minutes)
 *   ```ts from <file>        is a part of a source file here, word for word; `// ...` stands for what is left out
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './run-built.mjs';

// Inside a package that depends on all the others, where no other tool looks.
const folder = join(root, 'apps/trainer/node_modules/.gmlp-docs');
const minutes = 2;

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noEmit: true,
  skipLibCheck: true,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
  typeRoots: [join(root, 'node_modules/@types')],
  types: ['node'],
};

/** Blocks that belong together, with the line of the document behind each line of the program. */
function programsOf(path, snippets) {
  const programs = [];
  for (const { info, line, lines } of snippets) {
    const [, reason] = /^no-run: (.+)$/.exec(info) ?? [];
    if (info !== '' && info !== 'continued' && reason === undefined) {
      const known = 'nothing, "continued", "no-run: <reason>" or "from <file>"';
      throw new Error(`${path}:${line - 1}: after \`\`\`ts expected ${known}, got "${info}"`);
    }
    if (info === 'continued') {
      const last = programs.at(-1);
      if (!last) throw new Error(`${path}:${line - 1}: there is no block to continue`);
      last.lines.push(...lines);
      last.origin.push(...lines.map((_, index) => line + index));
    } else {
      programs.push({ path, reason, lines: [...lines], origin: lines.map((_, index) => line + index) });
    }
  }
  return programs;
}

/** Findings by the name of each program: an empty list if it is good. With GMLP_DEBUG set, what they print is shown. */
export function checkTypescript(documents) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const programs = documents
    .flatMap(({ path, snippets }) =>
      programsOf(
        path,
        snippets.filter(({ language, info }) => language === 'ts' && !info.startsWith('from ')),
      ),
    )
    .map((program, index) => {
      const file = join(folder, `snippet-${index + 1}.ts`);
      writeFileSync(file, `${program.lines.join('\n')}\nexport {};\n`);
      return { ...program, file };
    });
  const compiled = ts.createProgram(
    programs.map(({ file }) => file),
    options,
  );
  const findings = new Map();
  for (const program of programs) {
    const { path, origin, reason, file } = program;
    const source = compiled.getSourceFile(file);
    const problems = ts.getPreEmitDiagnostics(compiled, source).map(({ start = 0, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `${path}:${origin[line] ?? '?'}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    if (problems.length === 0 && reason === undefined) problems.push(...run(program));
    findings.set(`${path}:${origin[0]} ts${reason === undefined ? '' : `, not run: ${reason}`}`, problems);
  }
  rmSync(folder, { recursive: true, force: true });
  for (const { path, snippets } of documents) {
    for (const { language, info, line, lines } of snippets) {
      if (language === 'ts' && info.startsWith('from '))
        findings.set(`${path}:${line} ts ${info}`, compare(info.slice(5), lines));
    }
  }
  return findings;
}

/** Whether the lines stand in the file, in their order. */
function compare(file, lines) {
  const source = readFileSync(join(root, file), 'utf8');
  let at = 0;
  for (const part of lines.join('\n').split(/^\s*\/\/ \.\.\.$/m)) {
    const text = part.replace(/^\n+|\n+$/g, '');
    const found = source.indexOf(text, at);
    if (found === -1) return [`${file} no longer says:\n${text}`];
    at = found + text.length;
  }
  return [];
}

/** Runs a program in an empty folder of its own. */
function run({ file, lines }) {
  const script = file.replace(/\.ts$/, '.mjs');
  const { outputText } = ts.transpileModule(lines.join('\n'), {
    compilerOptions: { target: options.target, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(script, outputText);
  const cwd = mkdtempSync(join(tmpdir(), 'gmlp-docs-'));
  try {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [script], {
      cwd,
      encoding: 'utf8',
      timeout: minutes * 60_000,
    });
    if (process.env['GMLP_DEBUG']) console.log(stdout.trimEnd());
    if (status === 0) return [];
    return [error ? error.message : stderr.trim()];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
