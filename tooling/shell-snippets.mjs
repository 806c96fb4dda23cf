/**
 * The shell blocks of a document. Nothing but what is cheap is run; the rest has to exist: scripts of this workspace, options
 * and arguments of `gmlp` as its own definition parses them, names of packages that npm is to install.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishablePackages } from './publishable-packages.mjs';
import { root } from './run-built.mjs';

const trainer = join(root, 'apps/trainer/dist');
const workspace = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const docs = JSON.parse(readFileSync(join(root, 'docs/package.json'), 'utf8'));
const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');

/** Commands of gmlp that read nothing but the machine and take a second or two. */
const cheap = new Set(['models', 'devices', 'recipes']);
/** What is not ours to check. */
const foreign = new Set(['cd', 'git', 'mkdir', 'cp', 'kill', 'tensorboard']);

/** Findings by the name of each command line: an empty list if it is good. */
export async function checkShell(documents) {
  const findings = new Map();
  for (const { path, snippets } of documents) {
    for (const { line, lines } of snippets.filter(({ language }) => language === 'sh')) {
      for (const [index, text] of lines.entries()) {
        for (const words of commandsOf(text)) {
          findings.set(`${path}:${line + index} ${words.join(' ')}`, await check(words));
        }
      }
    }
  }
  return findings;
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
    else if (word === '>' || word === '>>') i++;
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
  const { createProgram } = await import(join(trainer, 'program.js'));
  let said = '';
  const write = (text) => {
    said += text;
  };
  const program = createProgram({
    stdout: { write },
    stderr: { write },
    env: {},
    signal: new AbortController().signal,
    now: () => 0,
  });
  for (const command of program.commands) command.action(() => {}); // parsed, not run
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error.exitCode !== 0) return [said.trim() || error.message];
  }
  if (!cheap.has(args[0])) return [];
  // From a folder of its own, which what it writes goes with.
  const cwd = mkdtempSync(join(tmpdir(), 'gmlp-docs-'));
  const { status, stderr } = spawnSync(process.execPath, [join(trainer, 'main.js'), ...args], { cwd, encoding: 'utf8' });
  rmSync(cwd, { recursive: true });
  return status === 0 ? [] : [stderr.trim()];
}
