/** What the main thread and those that pack say to each other. */
import type { HttpOptions } from '@gmlp/base/node';
import type { BadRecord } from '../bad-records.ts';
import type { CorpusSettings, CorpusShard } from './corpus-index.ts';
import type { CorpusSource } from './corpus-source.ts';

export interface PackSurroundings {
  readonly folder: string;
  readonly settings: CorpusSettings;
  readonly tokenizerFile: string;
  readonly onBad: 'stop' | 'skip';
  readonly http?: HttpOptions | undefined;
}

/** One shard: its documents are hashed into a file, or packed. */
export type PackTask =
  | { readonly kind: 'hash'; readonly source: CorpusSource; readonly identity: string; readonly path: string }
  | {
      readonly kind: 'pack';
      readonly source: CorpusSource;
      readonly made: string;
      readonly hashes?: { readonly own: string; readonly earlier: readonly string[] } | undefined;
    };

/** Of the shard that is worked on, from its beginning. */
export interface TaskProgress {
  readonly documents: number;
  readonly tokens: number;
  readonly reached: number;
  /** Bytes that it has; 0 while nobody knows. */
  readonly size: number;
}

export type FromPackThread =
  | { readonly kind: 'progress'; readonly progress: TaskProgress }
  | { readonly kind: 'bad'; readonly bad: BadRecord }
  | { readonly kind: 'done'; readonly progress: TaskProgress; readonly shard?: CorpusShard };
