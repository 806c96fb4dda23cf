/** What the paper prints for a model. Figures in `recalled` could not be read again: reports mark them so. */
export interface PaperFigures {
  readonly table: number;
  /** Millions of parameters. For language: tied embedding, body and final norm. */
  readonly parameters: number;
  /** Of masked language modelling. */
  readonly perplexity?: number;
  readonly recalled?: readonly ('parameters' | 'perplexity')[];
}

/** The variants of one family by name. */
export type Variants<Name extends string, Options> = Readonly<
  Record<Name, { readonly config: Options; readonly paper: PaperFigures }>
>;
