/**
 * `node tooling/run-built.mjs <built file> [arguments]`: builds what has changed, then runs a built program of this workspace.
 * What the build says goes to stderr, so that stdout is the program's alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds every package through turbo's cache. Returns whether it went well. */
export function build() {
  const turbo = join(dirname(createRequire(import.meta.url).resolve('turbo/package.json')), 'bin', 'turbo');
  const { status } = spawnSync(process.execPath, [turbo, 'run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  return status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [program, ...args] = process.argv.slice(2);
  if (!program) throw new Error('usage: node tooling/run-built.mjs <built file> [arguments]');
  if (!build()) process.exit(1);
  const child = spawn(process.execPath, [join(root, program), ...args], { stdio: 'inherit' });
  // Ctrl-C goes to the program as well, which may have things to save; this process waits for it. SIGTERM comes here alone.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    throw error;
  });
  child.on('close', (status, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(status ?? 1);
  });
}
