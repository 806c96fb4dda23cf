/**
 * What stands for `pnpm`, `npx` and `gmlp` while documents are checked: `node tooling/typed-command.mjs <program> [arguments]`.
 * Scripts of this workspace that start the `gmlp` command start what is built of it, where their user stands, as `run-built.mjs`
 * does; anything else is refused. Trainings are made small (`shell-lines.mjs`), and `watch` ends once it has shown its page.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-built.mjs';
import { longerRun, smallerCommand, smallerRun } from './shell-lines.mjs';

const { scripts, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const main = 'apps/trainer/dist/main.js';

await run(...process.argv.slice(2));

async function run(program, ...args) {
  if (program === 'gmlp') return gmlp(args, {});
  if (program === 'npx' && args[0] === 'gmlp') return gmlp(args.slice(1), { npm_command: 'exec', npm_lifecycle_event: 'npx' });
  if (program === 'npx' && args[0] === '--yes' && args[1] === packageManager) return run('pnpm', ...args.slice(2));
  const [script, ...rest] = program === 'pnpm' && args[0] === '-s' ? args.slice(1) : args;
  const [node, runner, file, ...given] = (program === 'pnpm' && scripts[script]?.split(' ')) || [];
  if (node !== 'node' || runner !== 'tooling/run-built.mjs' || file !== main)
    return refuse(`the check runs no ${[program, ...args].join(' ')}: tooling/shell-lines.mjs says what is not run`);
  return gmlp([...given, ...rest], { GMLP_COMMAND: 'pnpm gmlp' });
}

async function gmlp(args, variables) {
  const command = [join(root, main), ...smaller(args)];
  const env = { ...process.env, ...variables };
  if (args[0] === 'watch') return watch([...command, '--port', '0'], env);
  const { status, signal } = spawnSync(process.execPath, command, { stdio: 'inherit', env });
  process.exitCode = signal ? 1 : status;
}

function smaller([command, ...args]) {
  const options = smallerCommand[command];
  if (options !== undefined) return [command, ...args, ...options];
  const [recipe, ...rest] = args;
  if (command !== 'train' || recipe === undefined) return [command, ...args];
  if (recipe.startsWith('-')) return [command, ...args, ...(recipe === '--from' ? settingsOf(smallerRun['--from']) : [])];
  if (existsSync(join(recipe, 'run.json')))
    return [command, ...args, ...(rest.some((option) => option.startsWith('steps=')) ? ['--set', `steps=${longerRun}`] : [])];
  const settings = smallerRun[recipe] ?? (/\.(json|mjs)$/.test(recipe) ? smallerRun.file : {});
  return [command, recipe, ...settingsOf(settings), ...rest];
}

function settingsOf(settings) {
  return Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
}

/** Asks for the page that the server names, and stops it as Ctrl-C does. */
async function watch(command, env) {
  const server = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const end = new Promise((resolve) => server.once('close', resolve));
  server.stdout.once('data', async (url) => {
    const { status } = await fetch(String(url).trim()).catch((error) => ({ status: error.message }));
    if (status !== 200) refuse(`the page answers ${status}`);
    server.kill('SIGINT');
  });
  process.exitCode ||= await end;
}

function refuse(reason) {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
