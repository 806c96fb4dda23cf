#!/usr/bin/env node
import { runProgram } from './program.ts';

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (abort.signal.aborted) process.exit(130); // asked twice: at once
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
