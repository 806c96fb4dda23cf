import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './run-built.mjs';
import { before, byHand, layOutData, notRun } from './shell-lines.mjs';

/**
 * Runs the shell lines of one document with bash, in their order, as they are written, redirections and all, from a folder of the
 * document's own, which is home as well. Gives what is wrong with each by its number, `undefined` for those that are not run.
 */
export function runShellLines({ path, snippets }) {
  const lines = shellLines(snippets);
  if (lines.every(({ text }) => whyNotRun(text) !== undefined)) return new Map(lines.map(({ number }) => [number, undefined]));
  const folder = mkdtempSync(join(tmpdir(), 'gmlp-docs-'));
  try {
    const bash = shellIn(folder);
    layOutData(folder);
    for (const line of before[path] ?? []) {
      const problems = bash(line);
      if (problems.length > 0) return new Map([[lines[0].number, [`what goes before it failed: ${line}`, ...problems]]]);
    }
    return new Map(
      lines.map(({ number, text }) => {
        if (whyNotRun(text) !== undefined) return [number, undefined];
        for (const { act } of byHand.filter((each) => each.path === path && each.line.test(text))) act(folder, snippets);
        return [number, [...bash(text), ...unwritten(text, folder)]];
      }),
    );
  } finally {
    // A line that took too long may have left a program behind, which still writes.
    rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 500 });
  }
}

/** Why a line is not run, if it is not. */
export const whyNotRun = (text) => notRun.find(([pattern]) => pattern.test(text))?.[1];

/** The lines of a document's shell blocks, comments alone left out; one that ends in a backslash goes on in the next. */
export function shellLines(snippets) {
  const lines = [];
  for (const { line, lines: texts } of snippets.filter(({ language }) => language === 'sh')) {
    let open;
    for (const [index, text] of texts.entries()) {
      open = open ? { ...open, text: `${open.text}\n${text}` } : { number: line + index, text };
      if (text.endsWith('\\')) continue;
      if (!/^\s*(#|$)/.test(open.text)) lines.push(open);
      open = undefined;
    }
  }
  return lines;
}

/** Runs a line in a folder; the programs that documents name are found first. Gives what it said if it failed. */
function shellIn(folder) {
  const programs = join(folder, '.programs');
  mkdirSync(programs);
  const typed = join(root, 'tooling/typed-command.mjs');
  for (const name of ['pnpm', 'npx', 'gmlp'])
    writeFileSync(join(programs, name), `#!/bin/sh\nexec "${process.execPath}" "${typed}" ${name} "$@"\n`, { mode: 0o755 });
  // As if a person had opened a terminal there, whoever runs the check.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|GMLP_)/.test(name));
  const env = { ...Object.fromEntries(own), PATH: `${programs}${delimiter}${process.env.PATH}`, HOME: folder };
  return (line) => {
    const { status, signal, error, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 2 ** 26,
    });
    if (status === 0) return [];
    return [error?.message ?? `ended with ${signal ?? status}`, ...stderr.trim().split('\n').slice(-12)];
  };
}

/** What a line says that it writes, by a redirection or in its comment, is there; JSON can be read. */
function unwritten(text, folder) {
  const written = [...text.matchAll(/(?: >|# .*\bwrites) ([\w./-]+)/g)].map(([, file]) => file);
  return written.flatMap((file) => {
    if (!existsSync(join(folder, file))) return [`${file} is not there after it`];
    if (!file.endsWith('.json')) return [];
    try {
      JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return [];
    } catch (error) {
      return [`${file} is not JSON: ${error.message}`];
    }
  });
}
