/**
 * The child's end of a side. The parent writes one command a line on stdin; the child answers each with one line `@ {json}`
 * on stdout (whatever else a library prints there is not an answer). See `side-process.ts` for the parent's end.
 */
import { createInterface } from 'node:readline';
import { peakMegabytes } from './peak-memory.ts';
import { obey, type SideFunctions } from './side.ts';

function answer(value: object): void {
  process.stdout.write(`@ ${JSON.stringify(value)}\n`);
}

export async function serveSide(open: (folder: string) => Promise<SideFunctions>): Promise<void> {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: <side> <task folder>');
  const side = await open(folder);
  answer({ ready: true });
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'exit') break;
    answer(command === 'peak' ? { megabytes: peakMegabytes() } : await obey(side, command));
  }
  await side.close?.();
  process.exit(0);
}
