/** For tests: runs a command of the program in this process, and gives its exit code and what it printed. */
import { runProgram } from './program.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(
  args: readonly string[],
  { env = {}, signal = new AbortController().signal } = {},
): Promise<CommandOutcome> {
  let [out, err] = ['', ''];
  const code = await runProgram(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env,
    signal,
    now: () => performance.now() / 1000,
  });
  return { code, out, err };
}
