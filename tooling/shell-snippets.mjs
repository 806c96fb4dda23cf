/**
 * The shell blocks of a document. Each line is run as it stands, from a folder of the document's own, but for those that
 * `shell-lines.mjs` names; of all, what they name has to exist: scripts of this workspace, options and arguments of `gmlp` as its
 * own definition parses them, packages that npm is to install.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishablePackages } from './publishable-packages.mjs';
import { root } from './run-built.mjs';
import { runShellLines, shellLines, whyNotRun } from './run-shell-lines.mjs';
import { notRun } from './shell-lines.mjs';

const trainer = join(root, 'apps/trainer/dist');
const workspace = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const docs = JSON.parse(readFileSync(join(root, 'docs/package.json'), 'utf8'));
const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');

/** What is not ours to check. */
const foreign = new Set(['tensorboard']);

/**
 * Findings by each line with its place: an empty list if it is good; and the lines that were read and not run, with the reason.
 * `whole` when these are all documents there are.
 */
export async function checkShell(documents, { whole }) {
  const findings = new Map();
  const skipped = new Map();
  for (const { path, snippets } of documents) {
    const outcomes = runShellLines({ path, snippets });
    for (const { number, text } of shellLines(snippets)) {
      const name = `${path}:${number} ${text.replace(/\s+#.*$/, '')}`;
      const unknown = (await Promise.all(commandsOf(text).map(check))).flat();
      const problems = [...unknown, ...(outcomes.get(number) ?? [])];
      const reason = whyNotRun(text);
      if (reason === undefined || problems.length > 0) findings.set(name, problems);
      else skipped.set(name, reason);
    }
  }
  const texts = documents.flatMap(({ snippets }) => shellLines(snippets).map(({ text }) => text));
  for (const [pattern] of whole ? notRun : [])
    if (!texts.some((text) => pattern.test(text)))
      findings.set(`tooling/shell-lines.mjs ${pattern}`, ['fits no line of a document: take it away']);
  return { findings, skipped };
}

/** The commands of a line as words; comments, redirections and variables set before a command are left out. */
function commandsOf(line) {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(#.*$)|(\S+)/g)].flatMap(([, single, double, comment, bare]) =>
    comment === undefined ? [single ?? double ?? bare] : [],
  );
  const commands = [[]];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '&&' || word === '|' || word === ';') commands.push([]);
    else if (word === '>' || word === '>>' || word === '<') i++;
    else if (!(commands.at(-1).length === 0 && /^[A-Z_]+=/.test(word))) commands.at(-1).push(word);
  }
  return commands.filter((command) => command.length > 0);
}

async function check([program, ...args]) {
  if (program === 'npx' && args[0] === '--yes') {
    return args[1] === workspace.packageManager
      ? check(['pnpm', ...args.slice(2)])
      : [`expected ${workspace.packageManager}, got ${args[1]}`];
  }
  if (program === 'gmlp' || (program === 'npx' && args[0] === 'gmlp'))
    return checkGmlp(program === 'gmlp' ? args : args.slice(1));
  if (program === 'pnpm') return checkPnpm(args);
  if (program === 'npm' && args[0] === 'install') return checkInstall(args.slice(1));
  return foreign.has(program) ? [] : [`the check does not know the command ${program}`];
}

function checkPnpm(args) {
  const [script, ...rest] = args.filter((word) => word !== '-s');
  if (script === 'gmlp') return checkGmlp(rest);
  if (script === '--dir' && rest[0] === 'docs')
    return rest[1] in docs.scripts ? [] : [`docs/package.json has no script ${rest[1]}`];
  if (script === 'install' || script === 'changeset') return [];
  return script in workspace.scripts ? [] : [`package.json has no script ${script}`];
}

function checkInstall(names) {
  const ours = new Set(publishablePackages().map(({ manifest }) => manifest.name));
  return names
    .filter(
      (name) => !name.startsWith('-') && !ours.has(name) && !catalog.includes(` "${name}": `) && !catalog.includes(` ${name}: `),
    )
    .map((name) => `no package here is called ${name}, nor does one need it`);
}

async function checkGmlp(args) {
  const [{ createProgram }, { leafCommands }] = await Promise.all(
    ['program.js', 'leaf-commands.js'].map((file) => import(join(trainer, file))),
  );
  let said = '';
  const write = (text) => {
    said += text;
  };
  const program = createProgram({
    stdout: { write },
    stderr: { write },
    stdin: [],
    env: {},
    signal: new AbortController().signal,
    now: () => 0,
  });
  for (const { command } of leafCommands(program)) command.action(() => {}); // parsed, not run
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error.exitCode !== 0) return [said.trim() || error.message];
  }
  return [];
}
