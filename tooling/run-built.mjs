/**
 * `node tooling/run-built.mjs <built file> [arguments]`: builds what has changed, then runs a built program of this workspace
 * where its user stands. What the build says goes to stderr, so that stdout is the program's alone.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds every package through turbo's cache: one line names what is built, no line where nothing is. What turbo says is shown
 * when a build fails. Resolves to whether it went well.
 */
export async function build() {
  const turbo = join(dirname(createRequire(import.meta.url).resolve('turbo/package.json')), 'bin', 'turbo');
  const child = spawn(process.execPath, [turbo, 'run', 'build', '--output-logs=new-only', '--log-order=stream'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  const status = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const said = [];
  const built = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (/:build: cache hit/.test(line)) return;
      said.push(line);
      const name = /^(\S+):build: cache miss/.exec(line)?.[1];
      if (name === undefined) return;
      process.stderr.write(built.length === 0 ? `building ${name}` : `, ${name}`);
      built.push(name);
    });
  }
  const good = (await status) === 0;
  if (built.length > 0) process.stderr.write('\n');
  if (!good) process.stderr.write(`${said.join('\n')}\n`);
  return good;
}

/** Where the program's user stands, which pnpm tells: its scripts run in the root of the workspace. */
function userDirectory({ INIT_CWD, npm_lifecycle_event }) {
  return npm_lifecycle_event === undefined || !INIT_CWD ? process.cwd() : INIT_CWD;
}

/** What a user types before the arguments of `gmlp`, there where they stand. */
function gmlpCommand({ npm_execpath = '', npm_config_user_agent = '' }, directory) {
  const version = /^pnpm\/(\S+)/.exec(npm_config_user_agent)?.[1];
  const pnpm = version && /[/\\]_npx[/\\]/.test(npm_execpath) ? `npx --yes pnpm@${version}` : 'pnpm';
  const way = relative(directory, root);
  return way === '' ? `${pnpm} gmlp` : `${pnpm} --dir ${/^[\w./:\\-]+$/.test(way) ? way : JSON.stringify(way)} gmlp`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [program, ...args] = process.argv.slice(2);
  if (!program) throw new Error('usage: node tooling/run-built.mjs <built file> [arguments]');
  if (!(await build())) process.exit(1);
  const cwd = userDirectory(process.env);
  const env = { ...process.env, GMLP_COMMAND: gmlpCommand(process.env, cwd) };
  // The channel tells the program when this process is killed.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(process.execPath, [join(root, program), ...args], { stdio, cwd, env });
  // Ctrl-C goes to the program as well, which may have things to save; this process waits for it. The others may come here alone.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    throw error;
  });
  child.on('close', (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : exitCode(status ?? 1)));
}

/**
 * pnpm prints a red ELIFECYCLE for every code but 0. A program that somebody at a terminal stopped by Ctrl-C, and that ended in
 * order, has not failed: 0 there, and 130 for scripts and logs.
 */
function exitCode(status) {
  return status === 130 && process.env.npm_lifecycle_event && process.stderr.isTTY ? 0 : status;
}
