/** How far all threads together are. */
import type { TaskProgress } from './pack-work.ts';

export interface PackProgress {
  /** `hash`: documents are looked for that are there twice; `pack`: they are packed. */
  readonly stage: 'hash' | 'pack';
  readonly shards: { readonly done: number; readonly all: number };
  readonly documents: number;
  readonly tokens: number;
  /** Of the files as they are, packed by gzip or not; `all` is a guess while a server has not said how long its files are. */
  readonly bytes: { readonly done: number; readonly all: number };
}

export interface CountedProgress {
  add(name: string, progress: TaskProgress, done: boolean): void;
}

export function packProgress(
  stage: PackProgress['stage'],
  sizes: readonly (readonly [name: string, bytes: number | undefined])[],
  onProgress: (progress: PackProgress) => void = () => {},
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
        stage,
        shards: { done, all: sizes.length },
        documents: sum(({ documents }) => documents),
        tokens: sum(({ tokens }) => tokens),
        bytes: { done: sum(({ reached }) => reached), all: known.size === 0 ? 0 : (told / known.size) * sizes.length },
      });
    },
  };
}
