/** For tests: runs a command of the program in this process, and gives its exit code and what it printed. */
import type { Io } from './io.ts';
import { runProgram } from './program.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandSurroundings extends Partial<Pick<Io, 'env' | 'signal' | 'stdin'>> {}

/** A standard input that is empty. */
export const noInput: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

export async function runCommand(
  args: readonly string[],
  { env = {}, signal = new AbortController().signal, stdin = noInput }: CommandSurroundings = {},
): Promise<CommandOutcome> {
  let [out, err] = ['', ''];
  const code = await runProgram(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    stdin,
    env,
    signal,
    now: () => performance.now() / 1000,
  });
  return { code, out, err };
}
