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

/** Figures named in `recalled` were written down from memory, and not read again in the paper: whatever prints them marks them so. */
export interface PaperFigures extends Printed {
  readonly table: number;
  readonly recalled?: readonly (keyof Printed)[];
}

export interface VariantRow<Options> {
  readonly config: Options;
  /** Absent where the paper prints nothing of the model. */
  readonly paper?: PaperFigures;
  /** Parameters that no gradient reaches, by name (`#` stands for a number), each with the reason. */
  readonly withoutGradient?: Readonly<Record<string, string>>;
}

/** The variants of one family by name. */
export type Variants<Name extends string, Options> = Readonly<Record<Name, VariantRow<Options>>>;
