/** A recipe that fine-tunes a saved model of language on classified texts: a task of GLUE, or a file of one's own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '@gmlp/checkpoint';
import type { ConfigOf, PretrainedModel } from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import { type GlueTaskName, glueTasks } from '@gmlp/text';
import { type FineTuningRecipe, fineTuningRecipeFor } from '../recipes/fine-tuning-recipes.ts';
import { folderNameFor } from '../recipes/folder-name.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { directoryOf } from '../saved-model/weights-to-begin-with.ts';
import type { ClassificationData, TextLayout } from '../tasks/classification/classification-data.ts';
import { leftOutRecords } from '../tasks/classification/left-out-records.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { countTexts } from './found-classes.ts';
import { rateFor } from './rate-for.ts';
import type { TextPlaces } from './text-places.ts';

type Columns = { readonly [Name in 'first' | 'second' | 'label']?: string | undefined };

export interface FineTuning extends Columns {
  /** `classify` for texts that are no task of GLUE. */
  readonly task: GlueTaskName | 'classify';
  /** A run, a saved model, or a name on the Hub. */
  readonly model: string;
  readonly places: Pick<TextPlaces, 'training' | 'validation'>;
  readonly onBad?: OnBad | undefined;
  /** Begin with drawn weights instead of the model's, to see what they are worth. */
  readonly untrained?: boolean;
}

export async function recipeForFineTuning({
  task,
  model: from,
  places,
  onBad,
  untrained = false,
  ...columns
}: FineTuning): Promise<Recipe> {
  const directory = await directoryOf(from);
  const trained: PretrainedModel = await loadPretrained(directory);
  const tokenizer = tokenizerIn(directory);
  const glue = task === 'classify' ? undefined : task;
  const layout = { ...(glue !== undefined && { glue, classes: glueTasks[glue].classes }), ...given(columns) };
  const { count, classes } = await countTexts(places.training, layout, leftOutRecords({ ...(onBad && { onBad }) }).report);
  const by = fineTuningRecipeFor(task);
  const model = classifierOf(from, trained, by);
  const data: Omit<ClassificationData, 'heldOut'> = {
    path: places.training,
    ...(places.validation !== undefined && { validation: places.validation }),
    ...(glue === undefined ? given(columns) : { glue }),
    ...{ classes, tokenizer },
    ...(onBad && { onBad }),
  };
  const heldOut = places.validation === undefined ? 0.1 : 0;
  const recipe = {
    name: `${task}-${folderNameFor(from)}${untrained ? '-untrained' : ''}`,
    task: 'text-classification',
    ...{ model, data },
    ...(!untrained && { from }),
  };
  const trainedOn = Math.max(1, Math.round((1 - heldOut) * count));
  const { tokens, channels } = model.body;
  const settings = settingsFor({ by, texts: trainedOn, tokens, batch: by.batch, rate: rateFor(channels, by.rate) });
  return parseRecipe({ ...recipe, ...settings }, recipe.name);
}

/** The file that a model of language came with. */
export function tokenizerIn(directory: string): string {
  const names = [modelFileNames.tokenizer, 'vocab.txt'];
  const found = names.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new GmlpError('not-found', `${directory} has no ${names.join(' or ')}: a model of language is saved with one`, {
    directory,
  });
}

const given = (columns: Columns): Omit<TextLayout, 'glue'> =>
  Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== undefined));

export interface FineTuningSettings {
  readonly by: FineTuningRecipe;
  /** How many are trained on. */
  readonly texts: number;
  readonly tokens: number;
  readonly batch: number;
  readonly rate: number;
}

/** Tokens of a micro-batch: more need more memory, and are no faster. */
const microTokens = 2048;

/** Steps, batches and rates for so many texts; micro-batches fill a batch exactly. */
export function settingsFor({ by, texts, tokens, batch, rate }: FineTuningSettings) {
  const whole = Math.min(batch, texts);
  const fitting = Math.max(1, Math.floor(microTokens / tokens));
  const batchSize = largestDivisor(whole, fitting);
  const { length, warmup, weightDecay, epsilon, clipNorm } = by;
  const steps = 'steps' in length ? length.steps : Math.max(1, Math.round((length.epochs * texts) / whole));
  const every = Math.ceil(steps / ('steps' in length ? evaluations : length.epochs));
  const warmupSteps = 'steps' in warmup ? Math.min(warmup.steps, steps) : Math.ceil(warmup.share * steps);
  return {
    optimiser: { peakRate: rate, warmupSteps, decay: 'linear', weightDecay, epsilon, clipNorm },
    ...{ steps, batchSize, accumulate: whole / batchSize },
    evaluation: { every },
    checkpoints: { every, keep: 1 },
  };
}

/** Of a run whose length is no number of epochs. */
const evaluations = 8;

function largestDivisor(of: number, most: number): number {
  let divisor = Math.min(of, most);
  while (of % divisor !== 0) divisor--;
  return divisor;
}

type Body = ConfigOf<'sequence-classification'>['body'];

/** With BERT's pooler where the weights have one; dropout where the body can. */
function classifierOf(from: string, trained: PretrainedModel, by: FineTuningRecipe) {
  const { config } = trained;
  if (config.family === 'sequence-classification') {
    const { classes: _, ...same } = config;
    return same;
  }
  const body = bodyForTexts(from, trained, by);
  return { family: 'sequence-classification', body, pooler: 'pooler' in trained.params, dropout: by.dropout } as const;
}

/** The body of a trained model of language that sees whole texts, for no more tokens than are asked for; dropout where it can. */
export function bodyForTexts(from: string, { config }: PretrainedModel, by: FineTuningRecipe): Body {
  const body = config.family === 'text-features' ? config.body : config;
  if (body.family !== 'bert' && body.family !== 'gmlp-language') {
    throw new GmlpError('invalid-argument', `${from}: expected a gMLP, an aMLP or a BERT of language, got a ${config.family}`, {
      from,
    });
  }
  if (body.family === 'gmlp-language' && body.causal) {
    throw new GmlpError(
      'invalid-argument',
      `${from} is causal: no token sees a later one, which takes a whole text; take a model that fills masks`,
      { from },
    );
  }
  const { dropout, attentionDropout } = by;
  const tokens = config.family === 'text-features' ? body.tokens : Math.min(by.tokens, body.tokens);
  return body.family === 'bert' ? { ...body, tokens, dropout, attentionDropout } : { ...body, tokens };
}
