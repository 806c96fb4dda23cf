/** What a recipe says of its images: where they are, what is held out, and what they go through before a model sees them. */
import { augmentPolicy, imagenetNormalisation, inceptionNormalisation, type Normalisation } from '@gmlp/vision';
import * as z from 'zod/mini';
import { notNegative } from '../../recipes/numbers.ts';
import { type OnBad, onBadChoices } from '../text/on-bad.ts';

/** A format of `openImageSource`. */
export const imageFormats = ['folder', 'tar', 'ilsvrc2012-train', 'webdataset', 'parquet', 'cifar10', 'cifar100'] as const;

export const normalisations = {
  imagenet: imagenetNormalisation,
  inception: inceptionNormalisation,
} as const satisfies Record<string, Normalisation>;

export interface ImageData {
  /** How the images are stored. */
  readonly format: (typeof imageFormats)[number];
  /** Where they are, from the working directory, or an address. */
  readonly path: string;
  /** Images of their own to validate on, stored alike, with the same classes. */
  readonly validation?: string;
  /** Of ImageNet's archives: the development kit, which has the labels of the images to validate on. */
  readonly devkit?: string;
  /** Without them: so many of the images are held out from 1 on; that part of them below. */
  readonly heldOut: number;
  /** How many classes there are. */
  readonly classes: number;
  /** A file with words for the classes, as ImageNet's `synset_words.txt`: they decide no label, but the names that people are told. */
  readonly names?: string;
  /** What becomes of images that cannot be read: an error for the first (`stop`, which is what happens without it), or left out. */
  readonly onBad?: OnBad;
  /** Which mean and deviation of the pixels. */
  readonly normalisation: keyof typeof normalisations;
  /** What is left of the shorter side in an evaluation: timm's `crop_pct`. */
  readonly cropFraction: number;
  /** In training: a part of a random area and ratio, resized; or all of the image, moved by up to `padding` pixels. */
  readonly crop: 'resized' | 'padded';
  /** The smallest part of the area that is cropped. */
  readonly smallestArea: number;
  /** How far a `padded` image is moved each way, in pixels. */
  readonly padding: number;
  /** Mirrored by chance, every other epoch, or never. */
  readonly flip: 'random' | 'alternating' | 'none';
  /** AutoAugment or RandAugment in timm's notation. */
  readonly policy?: string;
  /** Strength of the color jitter. */
  readonly colorJitter: number;
  /** How often a box becomes noise. */
  readonly erasing: number;
  /** alpha of mixup; 0: none. */
  readonly mixup: number;
  /** alpha of CutMix; 0: none. */
  readonly cutmix: number;
  /** How often a batch is mixed by CutMix where both are on. */
  readonly switchProbability: number;
  /** The part of a label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** How often an image comes in a row, each time transformed anew: repeated augmentation. */
  readonly repeats: number;
}

const share = z.number().check(z.minimum(0), z.maximum(1));
const place = z.string().check(z.minLength(1), z.maxLength(4000));
const policy = z.string().check(
  z.refine((notation) => policyProblem(notation) === undefined, {
    error: ({ input }) => policyProblem(String(input)) ?? '',
  }),
);

export const imageDataSchema = z
  .strictObject({
    format: z.enum(imageFormats),
    path: place,
    validation: z.optional(place),
    devkit: z.optional(place),
    heldOut: z._default(z.number().check(z.positive()), 0.1),
    classes: z.int().check(z.minimum(2), z.maximum(1e6)),
    names: z.optional(place),
    onBad: z.optional(z.enum(onBadChoices)),
    normalisation: z._default(z.enum(Object.keys(normalisations) as (keyof typeof normalisations)[]), 'imagenet'),
    cropFraction: z._default(z.number().check(z.positive(), z.maximum(2)), 0.875),
    crop: z._default(z.enum(['resized', 'padded']), 'resized'),
    smallestArea: z._default(z.number().check(z.positive(), z.maximum(1)), 0.08),
    padding: z._default(z.int().check(z.minimum(0), z.maximum(1000)), 4),
    flip: z._default(z.enum(['random', 'alternating', 'none']), 'random'),
    policy: z.optional(policy),
    colorJitter: z._default(notNegative, 0),
    erasing: z._default(share, 0),
    mixup: z._default(notNegative, 0),
    cutmix: z._default(notNegative, 0),
    switchProbability: z._default(share, 0.5),
    labelSmoothing: z._default(z.number().check(z.minimum(0), z.maximum(0.99)), 0),
    repeats: z._default(z.int().check(z.minimum(1), z.maximum(100)), 1),
  })
  .check(
    z.refine(({ heldOut }) => heldOut < 1 || Number.isInteger(heldOut), {
      path: ['heldOut'],
      error: ({ input }) => `expected a number of images, or a part of them between 0 and 1, got ${(input as ImageData).heldOut}`,
    }),
    z.refine((data) => !(data.format === 'ilsvrc2012-train' && data.validation !== undefined && data.devkit === undefined), {
      path: ['devkit'],
      error: 'expected ILSVRC2012_devkit_t12.tar.gz, which has the labels of the images to validate on, got nothing',
    }),
  ) as unknown as z.ZodMiniType<ImageData>; // optional fields: absent, not undefined

function policyProblem(notation: string): string | undefined {
  try {
    augmentPolicy(notation);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^augmentPolicy: /, '');
  }
}
