/** Which part of a job this process does: as its flags say, or as Slurm and Kubernetes tell a member of a job array. */
import { GmlpError } from '@gmlp/base';

export interface JobShare {
  readonly rank: number;
  readonly world: number;
  /** Who said so, for people. */
  readonly from: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Flags come first. Kubernetes tells an Indexed Job its index but not how many there are: that takes `--world`. */
export function jobShare(flags: { readonly rank?: number; readonly world?: number }, env: Environment): JobShare {
  const { rank, world } = flags;
  if (rank !== undefined) {
    if (world === undefined) throw refused(`--rank is ${rank}, but --world is missing: say of how many`);
    return expectShare({ rank, world, from: '--rank and --world' });
  }
  const slurm = env['SLURM_ARRAY_TASK_ID'];
  if (slurm !== undefined) {
    const first = number(env, 'SLURM_ARRAY_TASK_MIN', 0);
    const step = Math.max(1, number(env, 'SLURM_ARRAY_TASK_STEP', 1));
    const share = {
      rank: (number(env, 'SLURM_ARRAY_TASK_ID') - first) / step,
      world: world ?? number(env, 'SLURM_ARRAY_TASK_COUNT'),
      from: 'SLURM_ARRAY_TASK_ID',
    };
    return expectShare(share);
  }
  if (env['JOB_COMPLETION_INDEX'] !== undefined) {
    if (world === undefined) {
      throw refused('JOB_COMPLETION_INDEX is set, but not how many there are: give --world, the "completions" of the job');
    }
    return expectShare({ rank: number(env, 'JOB_COMPLETION_INDEX'), world, from: 'JOB_COMPLETION_INDEX' });
  }
  if (world !== undefined && world !== 1) throw refused(`--world is ${world}, but --rank is missing: say which of them this is`);
  return { rank: 0, world: 1, from: 'alone' };
}

function number(env: Environment, name: string, otherwise?: number): number {
  const text = env[name];
  if (text === undefined && otherwise !== undefined) return otherwise;
  if (text !== undefined && /^\d+$/.test(text.trim())) return Number(text);
  throw refused(`expected ${name} to be a whole number, got ${text === undefined ? 'nothing' : JSON.stringify(text)}`);
}

function expectShare(share: JobShare): JobShare {
  const { rank, world, from } = share;
  if (Number.isInteger(rank) && rank >= 0 && rank < world) return share;
  throw refused(
    `${from} makes this number ${rank} of ${world}, expected a whole number from 0 to ${world - 1}; an array with gaps takes --rank and --world`,
  );
}

const refused = (problem: string): GmlpError => new GmlpError('invalid-argument', `jobShare: ${problem}`);
