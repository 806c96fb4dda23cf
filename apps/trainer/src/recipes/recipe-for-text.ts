/** A recipe for a text of one's own: a small gMLP, or any variant of the table, with settings that suit its size and that of the text. */
import { GmlpError, nearestName } from '@gmlp/base';
import { createModel, familyOf, type ModelConfig, type VariantName, variants } from '@gmlp/models';
import { corpusCounts, listTextFiles } from '@gmlp/text/node';
import { taskFor, taskNames } from '../tasks/table.ts';
import { corpusAt, sourceAt } from '../tasks/text/list-shards.ts';
import { textLength } from '../tasks/text/text-length.ts';
import { peakRateAt128 } from './peak-rates.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { variantsFor } from './recipe-model.ts';
import { sotu } from './sotu.ts';

export interface TextChoice {
  /** A file or a folder of text, a shard of C4 or a folder of shards, a packed corpus; the State of the Union addresses when left out. */
  readonly path?: string | undefined;
  /** By name, of those that a task trains; the small gMLP of the quickstart when left out. */
  readonly variant?: string | undefined;
  readonly name: string;
}

/** The part of the text that is held out. */
const heldOut = 0.05;

/**
 * The learning rates of the page's small models, which have 128 channels, fall as the channels grow; a step takes some 4,000 tokens,
 * in micro-batches of about 1,000; a text is read three times, in 500 steps at least and 100,000 at most.
 */
export async function recipeForText({ path, variant, name }: TextChoice): Promise<Recipe> {
  const { data, vocabulary, tokens, packedLength } = await chosenData(path);
  const { task, model, family, sequence, channels } = chosen(variant, vocabulary, packedLength);
  const batchSize = Math.max(1, Math.round(1024 / sequence));
  const accumulate = Math.max(1, Math.round(4096 / (batchSize * sequence)));
  const steps = rounded(Math.min(100_000, Math.max(500, (3 * (1 - heldOut) * tokens) / (batchSize * accumulate * sequence))));
  return parseRecipe(
    {
      ...{ name, task, model },
      data: { ...data, vocabulary },
      optimiser: {
        peakRate: Number((peakRateAt128(family) * (128 / channels)).toPrecision(2)),
        warmupSteps: Math.round(steps / 10),
        clipNorm: 1,
      },
      ...{ steps, batchSize, accumulate },
      evaluation: { every: Math.ceil(steps / 10) },
      checkpoints: { every: Math.ceil(steps / 10) },
    },
    variant ?? name,
  );
}

interface ChosenData {
  readonly data: Readonly<Record<string, unknown>>;
  readonly vocabulary: number;
  /** Of the text. */
  readonly tokens: number;
  /** Of a packed corpus, which has the length that it was packed in. */
  readonly packedLength?: number;
}

async function chosenData(path: string | undefined): Promise<ChosenData> {
  const corpus = path === undefined ? undefined : await corpusAt(path);
  if (corpus !== undefined) {
    const { vocabularySize: vocabulary, sequenceLength: packedLength } = corpus.settings;
    const { sequences } = corpusCounts(corpus.shards, 'training');
    return { data: { source: 'packed', path }, vocabulary, tokens: sequences * packedLength, packedLength };
  }
  const place = path === undefined ? ({ source: 'sotu' } as const) : { source: await sourceAt(path), path };
  if (place.source === 'text') await listTextFiles(place.path); // says what is there where nothing is text
  const tokensOf = async (pieces: number): Promise<number> => {
    const length = await textLength({ ...place, heldOut, vocabulary: pieces });
    if (length === undefined) throw new GmlpError('invalid-data', `the text ${path} is empty`, { path });
    return length.tokens;
  };
  const vocabulary = piecesFor(await tokensOf(4096));
  return { data: { ...place, heldOut }, vocabulary, tokens: await tokensOf(vocabulary) };
}

/** Two digits say enough. */
const rounded = (steps: number): number => Math.round(Number(steps.toPrecision(2)));

/** A vocabulary that a text fills, which has so many tokens of a vocabulary of 4,096. */
function piecesFor(tokens: number): number {
  if (tokens < 1e5) return 1024;
  if (tokens < 5e6) return 4096;
  return tokens < 1e8 ? 16_384 : 32_000;
}

function chosen(variant: string | undefined, vocabulary: number, packedLength?: number) {
  const length = packedLength === undefined ? {} : { tokens: packedLength };
  if (variant === undefined) {
    const { task, model: small } = sotu;
    const model = { ...small, ...length };
    return { task, model, family: model.family, sequence: model.tokens, channels: model.channels };
  }
  const { config } = createModel({ ...expectTrained(variant).config, vocabulary, ...length } as ModelConfig);
  const { tokens, channels } = familyOf(config).facts(config);
  return { task: taskFor(config)!, model: { variant, ...length }, family: config.family, sequence: tokens, channels };
}

function expectTrained(name: string) {
  const trained = taskNames.flatMap((task) => variantsFor(task));
  const found = trained.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = trained.map((each) => each.name);
  const known = variants.find((each) => each.name === (name as VariantName));
  const nearest = known === undefined ? nearestName(name, names) : undefined;
  const problem =
    known === undefined
      ? `there is no variant "${name}"${nearest ? `; did you mean ${nearest}?` : ''}`
      : `no task trains ${name}, a ${known.config.family}`;
  throw new GmlpError('not-found', `${problem}\n  trained are: ${names.join(', ')}`, { name, nearest });
}
