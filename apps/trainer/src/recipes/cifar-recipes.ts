/**
 * Five image models of about 840,000 parameters, the same for all within two hundredths, for CIFAR-10 on two cores: patches of 4 x 4
 * pixels, 128 channels, and one schedule. The data is the archive of 50,000 training images as a tar of class folders, of which 5,000 are
 * held out; CIFAR's own binary files are `--set data.format=cifar10`.
 */
import { cifarRuns } from './cifar-runs.ts';
import type { Recipe } from './recipe.ts';
import type { RecipeModel } from './recipe-model.ts';

const sizes = { imageSize: 32, patchSize: 4, channels: 128 } as const;

const cifarModels = {
  'cifar10-gmlp': { family: 'gmlp-vision', ...sizes, hiddenChannels: 512, layers: 8 },
  'cifar10-amlp': { family: 'gmlp-vision', ...sizes, hiddenChannels: 512, layers: 6, attentionChannels: 56 },
  'cifar10-deit': { family: 'vit', ...sizes, hiddenChannels: 384, layers: 5, heads: 4 },
  'cifar10-mixer': { family: 'mixer-vision', ...sizes, hiddenChannels: 512, layers: 6, tokenHidden: 48 },
  'cifar10-resmlp': { family: 'resmlp', ...sizes, hiddenChannels: 512, layers: 6 },
} as const satisfies Record<string, RecipeModel>;

const called: Readonly<Record<CifarName, string>> = {
  'cifar10-gmlp': 'A gMLP',
  'cifar10-amlp': 'An aMLP',
  'cifar10-deit': 'A ViT trained like DeiT, without a teacher,',
  'cifar10-mixer': 'An MLP-Mixer',
  'cifar10-resmlp': 'A ResMLP',
};

export type CifarName = keyof typeof cifarModels;

export const cifarNames = Object.keys(cifarModels) as CifarName[];

const path = 'cifar10-train.tar';
const steps = 14_000;

/** What a whole run of the recipe gave, from the stored run itself. */
function claimOf(name: CifarName): string {
  const model = `${called[name]} of 0.84 million parameters learns CIFAR-10 on two cores in ${steps} steps of 64 images`;
  const run = cifarRuns.find((each) => each.recipe === name && each.steps === steps);
  if (run === undefined) return `${model}; not trained to the end yet.`;
  const { valTop1, seconds } = run.end;
  return `${model}: top-1 accuracy ${(100 * valTop1).toFixed(1)} % of 5,000 images held out, at seed ${run.seed} in ${Math.round(seconds / 60)} minutes.`;
}

function cifarRecipe(name: CifarName): Recipe {
  return {
    name,
    claim: claimOf(name),
    command: `gmlp train ${name} --set data.path=${path}`,
    task: 'image-classification',
    seed: 0,
    device: 'auto',
    model: cifarModels[name],
    data: {
      format: 'tar',
      path,
      heldOut: 5000,
      classes: 10,
      normalisation: 'imagenet',
      cropFraction: 1,
      crop: 'padded',
      smallestArea: 0.08,
      padding: 4,
      flip: 'alternating',
      colorJitter: 0,
      erasing: 0,
      mixup: 0,
      cutmix: 0,
      switchProbability: 0.5,
      labelSmoothing: 0.1,
      repeats: 1,
    },
    optimiser: {
      name: 'adamw',
      peakRate: 2e-3,
      warmupSteps: 700,
      decay: 'cosine',
      weightDecay: 0.05,
      epsilon: 1e-6,
      betas: [0.9, 0.999],
      clipNorm: 1,
      ema: null,
    },
    steps,
    batchSize: 64,
    accumulate: 1,
    recordEvery: 10,
    evaluation: { every: 2000, patience: null, minDelta: 0 },
    checkpoints: { every: 1000, keep: 1 },
  };
}

export const cifarRecipes: readonly Recipe[] = cifarNames.map(cifarRecipe);
