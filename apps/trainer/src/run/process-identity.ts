/**
 * Whether the process that holds a lock runs, as far as that is certain from here. A process number alone says nothing: it comes
 * back after a restart, and another container or machine has its own. On Linux three things together name a process for good: the
 * boot and the namespace that its number belongs to, and when it started, counted from the boot, not on a clock that can be set.
 * Where they are not to be had (another system, machine or container) nothing is certain, and the lock itself has to be watched.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Where the number counts: a boot of a machine and a namespace of its processes. */
  readonly system?: string | undefined;
  /** When it started, in the kernel's ticks since the boot. */
  readonly start?: string | undefined;
}

export function thisProcess(): ProcessIdentity {
  const self = { pid: process.pid, host: hostname() };
  try {
    // A container may show another namespace's processes: numbers are not to be looked up there.
    if (readlinkSync('/proc/self') !== String(process.pid)) return self;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { ...self, system: `${boot} ${readlinkSync('/proc/self/ns/pid')}`, start: statusOf(process.pid).start };
  } catch {
    return self; // no Linux
  }
}

export type Fate = 'runs' | 'gone' | 'unknown';

export function fateOf(other: ProcessIdentity, self: ProcessIdentity = thisProcess()): Fate {
  if (self.system === undefined || other.system !== self.system || other.host !== self.host) return 'unknown';
  try {
    const { state, start } = statusOf(other.pid);
    // A dead process whose parent has not asked for it is still listed.
    return start === other.start && state !== 'Z' && state !== 'X' ? 'runs' : 'gone';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return (code === 'ENOENT' || code === 'ESRCH') && !isThere(other.pid) ? 'gone' : 'unknown';
  }
}

/** Other users' processes may be hidden in /proc; they can be signalled to nevertheless, which is refused. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function statusOf(pid: number): { readonly state: string | undefined; readonly start: string | undefined } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name before it may hold anything
  return { state: fields[0], start: fields[19] };
}
