export interface BrowserBundle {
  /** What the page starts with, as one. */
  readonly code: Uint8Array;
  /** The names of the files that it starts with; the first is the entry's. */
  readonly start: readonly string[];
  /** The paths of the modules in it. */
  readonly startModules: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What it needs that a browser lacks. */
  readonly foreign: readonly string[];
}

export function bundleForBrowser(
  entry: string,
  options?: {
    readonly external?: readonly string[];
    readonly banner?: string;
    readonly lazy?: boolean;
    readonly minify?: boolean;
  },
): Promise<BrowserBundle>;
