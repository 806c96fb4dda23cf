#!/usr/bin/env node
import { runProgram } from './program.ts';

/**
 * Asked twice. `process.exit` would wait for the device's thread, which may compute for long and cannot be ended meanwhile. So
 * what is to be done at an exit is done (a run's lock is given back), and the process ends by the signal: 130 for a shell.
 */
function endAtOnce(): void {
  process.emit('exit', 130);
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (abort.signal.aborted) endAtOnce();
    abort.abort(new Error(name));
  });
}
// A reader that went away (`gmlp models | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: abort.signal,
  now: () => performance.now() / 1000,
});
