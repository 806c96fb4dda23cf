/** What a recipe says of its text: the part of `data` that all tasks of language have. */
import * as z from 'zod/mini';
import { type OnBad, onBadChoices } from './on-bad.ts';
import type { TextFingerprints } from './text-mark.ts';

export interface TextData {
  /** The State of the Union addresses, plain text (a file, or a folder with a document a file), shards of C4, or what `gmlp data pack` made. */
  readonly source: 'sotu' | 'text' | 'c4' | 'packed';
  /** Of all but `sotu`: where it is, from the working directory. */
  readonly path?: string;
  /**
   * What is kept for validation. From 1 on: so many documents; below 1: that part of the text, in passages of about a page. Of `packed`
   * absent: it was said when the text was packed.
   */
  readonly heldOut?: number;
  /** What becomes of records that cannot be read: an error for the first (`stop`, which is what happens without it), or left out. */
  readonly onBad?: OnBad;
  /** Pieces of the tokenizer. */
  readonly vocabulary: number;
  /** A tokenizer.json; absent: one is trained on the text. */
  readonly tokenizer?: string;
}

export const mostPieces: number = 2 ** 24;
const place = z.string().check(z.minLength(1), z.maxLength(1000));

const fields = {
  source: z.enum(['sotu', 'text', 'c4', 'packed']),
  path: z.optional(place),
  heldOut: z.optional(
    z.number().check(
      z.positive(),
      z.refine((value) => value < 1 || Number.isInteger(value), {
        error: ({ input }) => `expected a number of documents, or a part of the text between 0 and 1, got ${input}`,
      }),
    ),
  ),
  onBad: z.optional(z.enum(onBadChoices)),
  vocabulary: z.int().check(z.positive(), z.maximum(mostPieces)),
  tokenizer: z.optional(place),
};

/** With the fields of a task of its own, which have defaults. */
export function textDataSchema<Data extends TextData>(
  own: {
    readonly [Name in Exclude<keyof Data, keyof TextData>]-?: z.ZodMiniType<Data[Name]>;
  },
): z.ZodMiniType<Data> {
  const whole = z.strictObject({ ...fields, ...own }) as unknown as z.ZodMiniType<Data>; // its own fields are those that were given
  return whole.check(
    z.refine(({ source, path }) => source === 'sotu' || path !== undefined, {
      path: ['path'],
      error: ({ input }) => `expected where the text is, as the source is ${(input as TextData).source}, got nothing`,
    }),
    z.refine(({ source, heldOut }) => source === 'packed' || heldOut !== undefined, {
      path: ['heldOut'],
      error: 'expected a number of documents, or a part of the text between 0 and 1, got nothing',
    }),
    z.refine(({ source, heldOut, tokenizer }) => source !== 'packed' || (heldOut === undefined && tokenizer === undefined), {
      path: ['source'],
      error:
        'the source packed has its tokenizer and its held-out part from gmlp data pack: leave data.heldOut and data.tokenizer out',
    }),
    z.refine(({ source, path }) => source !== 'sotu' || path === undefined, {
      path: ['path'],
      error: 'the source sotu is a package of its own: leave the path out, or take the source text',
    }),
  );
}

/** What the rows of all tasks of language have alike. */
export const ofText = {
  places: ['path', 'tokenizer', 'onBad'] satisfies (keyof TextData)[],
  folder: 'text',
  modelFiles: ['tokenizer.json'],
  parts: {
    source: 'the documents',
    tokenizer: 'the tokenizer (tokenizer.json)',
    training: 'the text to train on (training.packed)',
    validation: 'the held-out text (validation.packed)',
  } satisfies Record<keyof TextFingerprints, string>,
  config: ({ vocabulary }: TextData) => ({ vocabulary }),
  about: ({ source, path }: TextData): string => (source === 'sotu' ? 'the State of the Union addresses' : (path ?? source)),
  unit: 'tokens',
} as const;
