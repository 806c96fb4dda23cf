export interface Snippet {
  readonly language: string;
  /** The number of its first line. */
  readonly line: number;
  readonly lines: readonly string[];
}
export function runShellLines(document: {
  readonly path: string;
  readonly snippets: readonly Snippet[];
}): Map<number, readonly string[] | undefined>;
export function shellLines(snippets: readonly Snippet[]): { readonly number: number; readonly text: string }[];
