/** What a command has of the world: results go to `stdout`, all else to `stderr`. */
import type { ProgressStream } from '@gmlp/training/node';

export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** The bytes of standard input, once. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the command is asked to stop. Who takes it must heed it: Ctrl-C does no more than that from then on. */
  readonly signal: AbortSignal;
  /** Seconds since the command started. */
  readonly now: () => number;
}
