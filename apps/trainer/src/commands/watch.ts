import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';

interface Flags {
  readonly port: number;
}

/** `gmlp watch`: a run's report in the browser, live. */
export function addWatch(program: Command, io: Io): void {
  program
    .command('watch')
    .description('show the report of a run in the browser, live while it trains; Ctrl-C ends it')
    .argument('<run>', 'the folder of a run')
    .option('--port <number>', 'the port on this machine, 0 for any free one', portNumber, 8017)
    .action(async (name: string, { port }: Flags) => {
      const { watchRun } = await import('../watch/watch-run.ts');
      const { url, close } = await watchRun(name, { port });
      io.stdout.write(`${url}\n`);
      io.stderr.write('open it in a browser; Ctrl-C ends this\n');
      if (!io.signal.aborted) await new Promise((resolve) => io.signal.addEventListener('abort', resolve, { once: true }));
      await close();
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}
