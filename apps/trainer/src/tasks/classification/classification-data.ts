/** What a recipe says of classified texts: where they are, how their files are read, what is held out, and what the classes are. */
import { type GlueTaskName, glueTasks } from '@gmlp/text';
import * as z from 'zod/mini';
import { type OnBad, onBadChoices } from '../text/on-bad.ts';
import { heldOutPart } from './held-out-part.ts';

/** How a file is read: as those of a task of GLUE, or by the names of its columns. */
export interface TextLayout {
  /** A task of GLUE: its columns, and what its labels mean. */
  readonly glue?: GlueTaskName;
  /** The column of the text, or of the first of two; a usual name without it. */
  readonly first?: string;
  /** The column of the second text. */
  readonly second?: string;
  /** The column of the class. */
  readonly label?: string;
}

export interface ClassificationData extends TextLayout {
  /** The file to train on: .tsv, .csv, JSON lines (.jsonl) or .parquet. */
  readonly path: string;
  /** A file of its own to validate on. */
  readonly validation?: string;
  /** Without it: so many of the texts are held out from 1 on; that part of them below. */
  readonly heldOut: number;
  /** The classes in the order of the model's outputs, as the files name them. */
  readonly classes: readonly string[];
  /** The tokenizer.json of the model that is begun with. */
  readonly tokenizer: string;
  /** What becomes of records that cannot be read: an error for the first (`stop`, which is what happens without it), or left out. */
  readonly onBad?: OnBad;
}

const place = z.string().check(z.minLength(1), z.maxLength(4000));
const column = z.optional(z.string().check(z.minLength(1), z.maxLength(200)));
const names = Object.keys(glueTasks) as GlueTaskName[];

export const classificationDataSchema = z
  .strictObject({
    path: place,
    validation: z.optional(place),
    heldOut: z._default(z.number().check(z.positive()), 0.1),
    glue: z.optional(z.enum(names)),
    ...{ first: column, second: column, label: column },
    classes: z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.minLength(2), z.maxLength(1000)),
    tokenizer: place,
    onBad: z.optional(z.enum(onBadChoices)),
  })
  .check(
    heldOutPart('texts'),
    z.refine(({ classes }) => new Set(classes).size === classes.length, {
      path: ['classes'],
      error: 'expected classes of different names',
    }),
    z.refine(({ glue, classes }) => glue === undefined || classes.join('\n') === glueTasks[glue].classes.join('\n'), {
      path: ['classes'],
      error: ({ input }) => {
        const { glue } = input as ClassificationData;
        return `expected those of ${glue}: ${JSON.stringify(glueTasks[glue!].classes)}`;
      },
    }),
    z.refine(
      ({ glue, first, second, label }) => glue === undefined || [first, second, label].every((name) => name === undefined),
      {
        path: ['glue'],
        error: 'a task of GLUE has columns of its own: leave first, second and label out, or glue',
      },
    ),
  ) as unknown as z.ZodMiniType<ClassificationData>; // optional fields: absent, not undefined
