/** What the paper prints for a model, rounded as it prints it. */
interface Printed {
  /** Millions of parameters. For language: tied embedding, body and final norm. */
  readonly parameters: number;
  /** Billions of multiply-adds. */
  readonly multiplyAdds?: number;
  /** Of masked language modelling. */
  readonly perplexity?: number;
  /** Top-1 on ImageNet, in per cent. */
  readonly accuracy?: number;
}

/** Figures in `recalled` could not be read again: reports mark them so. */
export interface PaperFigures extends Printed {
  readonly table: number;
  readonly recalled?: readonly (keyof Printed)[];
}

/** The variants of one family by name. */
export type Variants<Name extends string, Options> = Readonly<
  Record<Name, { readonly config: Options; readonly paper?: PaperFigures }>
>;
