import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './run-built.mjs';

const execute = promisify(execFile);

/** pnpm by itself when it runs us, else through npx, in the version that package.json pins. */
function pnpm(args, cwd) {
  const self = process.env.npm_execpath ?? '';
  if (/pnpm/.test(self)) return execute(process.execPath, [self, ...args], { cwd });
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return execute('npx', ['--yes', packageManager, ...args], { cwd, shell: process.platform === 'win32' });
}

/** Packs a package into a folder of its own. Returns the path of the tarball. */
export async function packPackage({ folder }, target) {
  mkdirSync(target, { recursive: true });
  await pnpm(['pack', '--pack-destination', target], folder);
  return join(target, readdirSync(target)[0]);
}
