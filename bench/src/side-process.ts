/** The parent's end of a side: a child process that answers commands, so that sides can take turns without sharing memory. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Answer {
  readonly ms: number;
  readonly loss: number;
  readonly magnitude: number;
  readonly updateMs?: number;
  readonly megabytes: number;
}

export type Command = 'step' | 'gradients' | 'forward' | 'trace' | 'product' | 'peak';

export interface SideProcess {
  readonly name: string;
  ask(command: Command): Promise<Answer>;
  exit(): Promise<void>;
}

/** Starts the child and resolves when it has loaded its weights. Its stderr, and what it prints besides answers, go to our stderr. */
export async function startSide(name: string, program: string, args: readonly string[]): Promise<SideProcess> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  const ended = new Promise<void>((resolve) => {
    const fail = (reason: string) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`bench: the side ${name} ${reason}`));
      resolve();
    };
    child.on('error', (error) => fail(`could not start: ${error.message}`));
    child.on('exit', (code, signal) => fail(`ended early (${signal ?? `exit code ${code}`})`));
    child.stdin.on('error', () => fail('closed its input'));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('@ ')) waiting.shift()?.resolve(JSON.parse(line.slice(2)) as Answer);
    else process.stderr.write(`${name}: ${line}\n`);
  });
  const next = () => new Promise<Answer>((resolve, reject) => waiting.push({ resolve, reject }));
  await next();
  return {
    name,
    ask: (command) => {
      const answer = next();
      child.stdin.write(`${command}\n`);
      return answer;
    },
    exit: async () => {
      child.stdin.end('exit\n');
      await ended;
    },
  };
}
