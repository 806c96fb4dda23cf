import { readFileSync } from 'node:fs';

/**
 * The most memory that this process ever held in RAM, in megabytes (10^6 bytes). On Linux of the program alone: what
 * `resourceUsage` tells begins with the memory of the process that started this one.
 */
export function peakMegabytes(): number {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes) return (Number(kibibytes) * 1024) / 1e6;
  } catch {
    // not Linux
  }
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}
