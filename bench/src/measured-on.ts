/** What a measurement has to be read with: the command that made it and the machine that ran it. No date: figures are compared by what made them. */
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, platform } from 'node:os';

export interface MeasuredOn {
  readonly command: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly platform: string;
    /** The version of PyTorch, where it was measured too. */
    readonly pytorch?: string;
  };
}

export function measuredOn(command: string, python: string | undefined): MeasuredOn {
  const print = 'import torch; print(torch.__version__)';
  return {
    command,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      node: process.versions.node,
      platform: `${platform()} ${arch()}`,
      ...(python && { pytorch: execFileSync(python, ['-c', print], { encoding: 'utf8' }).trim() }),
    },
  };
}
