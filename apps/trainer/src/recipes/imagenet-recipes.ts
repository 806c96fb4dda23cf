/**
 * The image models that the paper compares (table 2), trained on ImageNet: gMLP, MLP-Mixer and ResMLP by the paper's settings (table 7),
 * DeiT by its own, from which the paper takes its augmentation. The figures of the others are those of their own papers, which the
 * paper repeats. A batch is taken in parts that fit into the memory of one machine.
 */
import { type PaperFigures, type Variant, variantsOf } from '@gmlp/models';
import { imageFamilies } from '../tasks/images/image-families.ts';
import type { Recipe } from './recipe.ts';

const trainingImages = 1_281_167;
const epochs = 300;
const stepsOf = (batch: number): number => Math.floor((epochs * trainingImages) / batch);

const archives = {
  format: 'ilsvrc2012-train',
  path: 'ILSVRC2012_img_train.tar',
  validation: 'ILSVRC2012_img_val.tar',
  devkit: 'ILSVRC2012_devkit_t12.tar.gz',
  classes: 1000,
  heldOut: 0.1,
  cropFraction: 0.875,
  crop: 'resized',
  smallestArea: 0.08,
  padding: 0,
  flip: 'random',
  mixup: 0.8,
  cutmix: 1,
  switchProbability: 0.5,
  labelSmoothing: 0.1,
} as const;

const adamw = { name: 'adamw', peakRate: 1e-3, decay: 'cosine', weightDecay: 0.05, betas: [0.9, 0.999] } as const;

/** Table 7. */
const paper = {
  data: { ...archives, policy: 'original', colorJitter: 0, erasing: 0, repeats: 1 },
  optimiser: { ...adamw, warmupSteps: 10_000, epsilon: 1e-6, clipNorm: 1, ema: null },
  steps: stepsOf(4096),
  batchSize: 32,
  accumulate: 128,
} as const;

/** DeiT's (https://arxiv.org/abs/2012.12877); where there is a policy, timm leaves color jitter out. Its rate begins at 0 here, and ends there. */
const deit = {
  data: { ...archives, policy: 'rand-m9-mstd0.5-inc1', colorJitter: 0, erasing: 0.25, repeats: 3 },
  optimiser: { ...adamw, warmupSteps: Math.round(5 * (trainingImages / 1024)), epsilon: 1e-8, clipNorm: null, ema: 0.99996 },
  steps: stepsOf(1024),
  batchSize: 32,
  accumulate: 32,
} as const;

type ImageFamily = (typeof imageFamilies)[number];

const rows = {
  'gmlp-vision': { normalisation: 'inception', settings: paper },
  vit: { normalisation: 'imagenet', settings: deit },
  'mixer-vision': { normalisation: 'inception', settings: paper },
  resmlp: { normalisation: 'imagenet', settings: paper },
} as const;

const published = {
  gmlp_ti16_224: ['gmlp-ti', 'gMLP-Ti'],
  gmlp_s16_224: ['gmlp-s', 'gMLP-S'],
  gmlp_b16_224: ['gmlp-b', 'gMLP-B'],
  deit_tiny_patch16_224: ['deit-ti', 'DeiT-Ti'],
  deit_small_patch16_224: ['deit-s', 'DeiT-S'],
  deit_base_patch16_224: ['deit-b', 'DeiT-B'],
  mixer_b16_224: ['mixer-b16', 'Mixer-B/16'],
  resmlp_12_224: ['resmlp-12', 'ResMLP-12'],
  resmlp_24_224: ['resmlp-24', 'ResMLP-24'],
  resmlp_36_224: ['resmlp-36', 'ResMLP-36'],
} as const;

type Published = Variant<ImageFamily> & { readonly name: keyof typeof published; readonly paper: PaperFigures };

const isPublished = (variant: Variant<ImageFamily>): variant is Published =>
  Object.hasOwn(published, variant.name) && variant.paper !== undefined;

function imagenetRecipe({ name: variant, config: { family }, paper: figures }: Published): Recipe {
  const [short, row] = published[variant];
  const name = `imagenet-${short}`;
  const { normalisation, settings } = rows[family];
  const { data, ...rest } = settings;
  const { table, accuracy } = figures;
  return {
    name,
    claim: `${row} on ImageNet ${settings === deit ? "by DeiT's settings" : 'by the settings of table 7'}; the paper prints top-1 accuracy ${accuracy} % in table ${table}; never trained to the end with this package.`,
    command: `gmlp train ${name} --set data.path=ILSVRC2012_img_train.tar --set data.validation=ILSVRC2012_img_val.tar --set data.devkit=ILSVRC2012_devkit_t12.tar.gz`,
    paper: { table, row, ...(accuracy !== undefined && { accuracy }) },
    task: 'image-classification',
    seed: 0,
    device: 'auto',
    model: { variant },
    data: { ...data, normalisation },
    ...rest,
    recordEvery: 1,
    evaluation: { every: Math.ceil(rest.steps / epochs), patience: null, minDelta: 0 },
    checkpoints: { every: 50, keep: 3 },
  };
}

export const imagenetRecipes: readonly Recipe[] = imageFamilies
  .flatMap((family): readonly Variant<ImageFamily>[] => variantsOf(family))
  .flatMap((variant) => (isPublished(variant) ? [imagenetRecipe(variant)] : []));
