/** How far all threads together are that read a corpus. */
import type { TaskProgress } from './pack-work.ts';

export interface ReadProgress {
  readonly shards: { readonly done: number; readonly all: number };
  readonly documents: number;
  /** That they were cut into; 0 where they are only read. */
  readonly tokens: number;
  /** Of the files as they are, packed by gzip or not; `all` is a guess while a server has not said how long its files are. */
  readonly bytes: { readonly done: number; readonly all: number };
}

export interface CountedProgress {
  add(name: string, progress: TaskProgress, done: boolean): void;
}

export function readProgress(
  sizes: readonly (readonly [name: string, bytes: number | undefined])[],
  onProgress: (progress: ReadProgress) => void = () => {},
): CountedProgress {
  const known = new Map(sizes.flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes] as const])));
  const found = new Map<string, TaskProgress>();
  let done = 0;
  return {
    add(name, progress, isDone) {
      found.set(name, progress);
      if (progress.size > 0) known.set(name, progress.size);
      if (isDone) done++;
      const sum = (of: (each: TaskProgress) => number): number =>
        [...found.values()].reduce((total, each) => total + of(each), 0);
      const told = [...known.values()].reduce((total, bytes) => total + bytes, 0);
      onProgress({
        shards: { done, all: sizes.length },
        documents: sum(({ documents }) => documents),
        tokens: sum(({ tokens }) => tokens),
        bytes: { done: sum(({ reached }) => reached), all: known.size === 0 ? 0 : (told / known.size) * sizes.length },
      });
    },
  };
}
