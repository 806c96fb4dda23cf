/**
 * What asks a command to stop: Ctrl-C, SIGTERM, and a terminal that hangs up. The first one asks it to end in order, a second
 * ends it at once. Who never asks for `signal` has nothing to save: the system ends it at the first, whatever it computes.
 *
 * One request may come twice. npm and the runner of a clone pass on what the terminal has sent to all of its processes, so the
 * same signal within a quarter of a second is the same request. A hangup comes from the terminal, the shell and whoever runs the
 * command, at any distance: it is never a second request.
 */
import { fstatSync, readSync, statSync } from 'node:fs';

/** The exit codes that shells give to commands that these signals ended. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof codes;

/** What is needed of the process: `process` has it. */
export interface SignalSource {
  on(name: StopSignal, listener: () => void): unknown;
}

export interface StopOptions {
  readonly endAtOnce: (name: StopSignal, code: number) => void;
  /** A hangup asks for nothing: the command was started to outlive its terminal. */
  readonly outlivesTerminal: boolean;
  /** Seconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** A signal that is aborted by the first request; its reason is an Error with the name of what asked. */
export function stopOnSignals(source: SignalSource, { endAtOnce, outlivesTerminal, now }: StopOptions): AbortSignal {
  const abort = new AbortController();
  let first: { readonly name: StopSignal; readonly at: number } | undefined;
  for (const name of Object.keys(codes) as StopSignal[]) {
    source.on(name, () => {
      if (name === 'SIGHUP' && outlivesTerminal) return;
      if (first === undefined) {
        first = { name, at: now() };
        abort.abort(new Error(name));
        return;
      }
      const passedOn = (name === first.name || first.name === 'SIGHUP') && now() - first.at < 0.25;
      if (name !== 'SIGHUP' && !passedOn) endAtOnce(name, codes[name]);
    });
  }
  return abort.signal;
}

/** The exit code of a command that stopped because it was asked to. */
export function stopCode(reason: unknown): number {
  const name = reason instanceof Error ? reason.message : '';
  return Object.hasOwn(codes, name) ? codes[name as StopSignal] : codes.SIGINT;
}

/**
 * Whether nohup started the command. Node sets every signal back to its default when it starts, so that the hangup that nohup
 * had ignored would come through. What is left of nohup: bash, zsh and ksh tell a command by `_` what they ran, and GNU's nohup
 * gives in place of a terminal's input the null device, opened for writing only.
 */
export function startedByNohup(env: Readonly<Record<string, string | undefined>>): boolean {
  if (/(^|\/)nohup$/.test(env['_'] ?? '')) return true;
  try {
    if (fstatSync(0).rdev !== statSync('/dev/null').rdev) return false;
    readSync(0, new Uint8Array(1));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EBADF';
  }
}
