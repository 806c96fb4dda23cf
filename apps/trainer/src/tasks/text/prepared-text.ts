/** `Task.prepare` and `Task.measured` of a task of language: its text, packed, as batches of its form. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNumber, GmlpError } from '@gmlp/base';
import { familyOf, type ModelConfig } from '@gmlp/models';
import { loadTokenizer } from '@gmlp/text';
import { openPacked, writePacked } from '@gmlp/text/node';
import type { DataSettings, DataSurroundings, MeasuredData, MeasuredSurroundings, PreparedData } from '../task.ts';
import { type CorpusTextSettings, corpusText } from './corpus-text.ts';
import { leftOutCount } from './left-out.ts';
import { sourceAt } from './list-shards.ts';
import { openPreparedText, type PreparedText, prepareText } from './prepare-text.ts';
import { sourceChanges } from './source-change.ts';
import type { TextData } from './text-data.ts';
import type { Rows, TextForm } from './text-form.ts';
import type { TextSettings } from './text-settings.ts';
import { openTextSource } from './text-source.ts';

/** The length of what a model of language reads. */
const tokensOf = (config: ModelConfig): number => familyOf(config).facts(config).tokens;

type Packing = { readonly name?: string; rowLength(tokens: number): number };

function textSettings(
  form: Packing,
  { source, path, onBad, heldOut = 0, vocabulary, tokenizer }: TextData,
  config: ModelConfig,
): TextSettings | CorpusTextSettings {
  const tokens = form.rowLength(tokensOf(config));
  if (source === 'packed') {
    if (form.name === undefined && path !== undefined) return { source, path, vocabulary, tokens };
    throw new GmlpError(
      'invalid-argument',
      'a packed corpus holds running text, this task packs it in its own way: take data.source text or c4',
    );
  }
  return { source, path, onBad, heldOut, vocabulary, tokenizer, tokens, ...(form.name !== undefined && { form: form.name }) };
}

export async function prepareOf<Data extends TextData, B, About>(
  form: TextForm<Data, B, About>,
  { data, config, seed, batchSize }: DataSettings<Data>,
  around: DataSurroundings,
): Promise<PreparedData<B, About>> {
  const settings = textSettings(form, data, config);
  const { folder, progress, stopIfAborted } = around;
  const text =
    settings.source === 'packed'
      ? await corpusText(settings, { ...around, print: (line) => progress.print(line) })
      : {
          ...(await textOf(form, settings, { data, seed }, around)),
          changes: () => sourceChanges(settings, folder, { progress, stopIfAborted }),
        };
  const rows = (packed: PreparedText['training']): Rows<Data> => ({ packed, tokenizer: text.tokenizer, data, batchSize, seed });
  let following: Pick<PreparedData, 'following'>;
  try {
    expectBatch(form, text, batchSize);
    following = await followingOf(form, rows(text.validation));
  } catch (error) {
    await text.close();
    throw error;
  }
  return {
    training: (first) => form.training(rows(text.training), first),
    validation: () => form.validation(rows(text.validation)),
    validationBatches: form.validationBatches(rows(text.validation)),
    modelFiles: new Map([['tokenizer.json', text.tokenizerFile]]),
    fingerprints: { ...text.fingerprints },
    ...following,
    changes: text.changes,
    baseline: () => form.baseline(rows(text.training), rows(text.validation)),
    close: text.close,
  };
}

/** Bits per byte of held-out text: a loss in nats a token, and how many bytes a token has. */
async function followingOf<Data, B, About>(
  form: TextForm<Data, B, About>,
  rows: Rows<Data>,
): Promise<Pick<PreparedData, 'following'>> {
  const bytes = await form.bytesPerToken?.(rows);
  return bytes === undefined ? {} : { following: (loss) => ({ bitsPerByte: loss / Math.LN2 / bytes }) };
}

/** A text of running text that a run has in its folder; `undefined` where there is none. */
export async function openRunText(data: TextData, config: ModelConfig, folder: string): Promise<PreparedText | undefined> {
  const settings = textSettings({ rowLength: (tokens) => tokens }, data, config);
  if (settings.source !== 'packed') return openPreparedText(settings, folder);
  return corpusText(settings, { folder, goesOn: true, onlyOpen: true, print: () => {} });
}

/** As it was prepared before, or prepared now. A run that saved no step begins by its seed, whatever held out a part of the text before. */
async function textOf<Data extends TextData, B, About>(
  form: TextForm<Data, B, About>,
  settings: TextSettings,
  { data, seed }: Pick<DataSettings<Data>, 'data' | 'seed'>,
  { folder, goesOn, onlyOpen = false, progress, now, stopIfAborted }: DataSurroundings,
): Promise<PreparedText> {
  const prepared = await openPreparedText(settings, folder);
  if (prepared !== undefined && (goesOn || onlyOpen || (prepared.seed ?? seed) === seed)) return prepared;
  if (onlyOpen) {
    throw new GmlpError('not-found', `${folder} holds no prepared text (text.json); give a text with --data`, { folder });
  }
  if (prepared !== undefined) {
    await prepared.close();
    progress.print(`text: its held-out part was drawn by seed ${prepared.seed}; it is prepared anew by seed ${seed}`);
  }
  return prepareText(settings, {
    ...{ folder, seed, progress, now, stopIfAborted },
    form: {
      rows: form.rows,
      learnt: form.learnt,
      pack: form.pack,
      expectTokenizer: (tokenizer) => form.expectTokenizer(tokenizer, data),
    },
  });
}

/** Before the first step, not at the first batch. */
function expectBatch({ rows }: { readonly rows: string }, { training }: PreparedText, batchSize: number): void {
  const { count, sequenceLength } = training;
  if (count >= batchSize) return;
  const there = `${formatNumber(count)} ${count === 1 ? rows.slice(0, -1) : rows} of ${sequenceLength} tokens to train on`;
  throw new GmlpError(
    'invalid-argument',
    `train: the text gives ${there}, fewer than a batch has (batchSize ${batchSize}); take more text, or a smaller batchSize`,
    { count, batchSize },
  );
}

/** Sequences at a time where there is no recipe that says it. */
const measuredBatch = 32;

export async function measuredOf<Data, B, About>(
  form: TextForm<Data, B, About>,
  path: string,
  { config, modelFiles, folder, onBad, onLeftOut }: MeasuredSurroundings,
): Promise<MeasuredData<B, About>> {
  const source = await openTextSource({ source: await sourceAt(path), path, onBad });
  if (leftOutCount(source.leftOut) > 0) onLeftOut?.(source.leftOut);
  const tokenizer = loadTokenizer(modelFiles.get('tokenizer.json') ?? '');
  form.expectTokenizer(tokenizer, {});
  const rowLength = form.rowLength(tokensOf(config));
  const shape = { sequenceLength: rowLength, vocabularySize: tokenizer.vocabularySize };
  const file = join(folder, 'text.packed');
  await writePacked(file, form.pack(source.read(), tokenizer, rowLength), shape);
  const packed = await openPacked(file, shape);
  const close = async (): Promise<void> => {
    await packed.close();
    await rm(file, { force: true });
  };
  if (packed.count === 0) {
    await close();
    throw new GmlpError(
      'invalid-data',
      `${path} is too short: the model reads ${tokensOf(config)} tokens at once; give more text`,
      { path },
    );
  }
  // The measured batch is a fourth of what a recipe's would be: see `validation` of the forms.
  const rows: Rows<Data> = { packed, tokenizer, data: {}, batchSize: measuredBatch / 4, seed: 0 };
  return { batches: form.validation(rows), count: form.validationBatches(rows), ...(await followingOf(form, rows)), close };
}
