#!/usr/bin/env node
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { runProgram } from './program.ts';
import { startedByNohup, stopOnSignals } from './stop-signals.ts';

const now = (): number => performance.now() / 1000;
let stop: AbortSignal | undefined;

/**
 * `process.exit` would wait for the device's thread, which may compute for long and cannot be ended meanwhile. So what is to be
 * done at an exit is done (a run's lock is given back), and the process ends by the signal: 130 for a shell after Ctrl-C.
 */
function endAtOnce(name: NodeJS.Signals, code: number): void {
  process.emit('exit', code);
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

function stopSignal(): AbortSignal {
  if (stop !== undefined) return stop;
  stop = stopOnSignals(process, { endAtOnce, outlivesTerminal: startedByNohup(process.env), now });
  // The runner of a clone holds the other end of a channel: when it is killed, the command stops as for SIGTERM.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
  return stop;
}

// At its end Node gives terminals their settings back, and aborts where one has hung up; it passes over what is closed.
const terminals = [0, 1, 2].filter(isatty);
process.on('exit', () => {
  for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
});

// A terminal, a pipe or a log that takes nothing more ends no command: what it has to say is lost, what it computes is not.
process.stderr.on('error', () => undefined);
// Results that nobody reads are no error (`gmlp models | head`); results that a full disk refuses are lost, which is told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const readerGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
  if (!readerGone) process.stderr.write(`gmlp: the result could not be written to standard output: ${error.message}\n`);
  process.exit(readerGone ? process.exitCode : 1);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  // Opened when a command asks for it.
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  get signal() {
    return stopSignal();
  },
  now,
});
