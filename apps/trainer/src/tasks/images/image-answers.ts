/** What a report shows of a model of images: which classes it takes for which, where it is most wrong, and what it learned from. */
import * as z from 'zod/mini';
import { type ImageAnswers, imageAnswersSection } from '../../report/image-answers.ts';
import type { Answers } from '../task.ts';
import type { ImageData } from './image-data.ts';

const label = z.int().check(z.minimum(0));
const count = z.int().check(z.minimum(0));
const share = z.number().check(z.minimum(0), z.maximum(1));
const picture = z.string().check(z.regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/));

const fields = z.looseObject({
  classes: z.array(z.looseObject({ name: z.string(), count, right: count })),
  confusions: z.array(z.looseObject({ label, said: label, count })),
  worst: z.array(z.looseObject({ label, said: label, share, saidShare: share, picture })),
  samples: z.array(picture),
});

export const imageAnswers: Answers<ImageData, ImageAnswers> = {
  schema: fields.check(
    z.refine(({ classes, confusions, worst }) =>
      [...confusions, ...worst].every((each) => each.label < classes.length && each.said < classes.length),
    ),
  ) as unknown as z.ZodMiniType<ImageAnswers>,
  // What reads images is loaded where images are read.
  ask: async (of) => (await import('./ask-image-model.ts')).askImageModel(of),
  show: imageAnswersSection,
};
