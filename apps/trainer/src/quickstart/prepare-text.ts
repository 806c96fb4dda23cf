/** Addresses -> tokenizer -> packed tokens on disk: all that training reads. */
import { join } from 'node:path';
import { type Key, split } from '@gmlp/base';
import { loadTokenizer, packDocuments, type Tokenizer, trainTokenizer } from '@gmlp/text';
import { openPacked, type PackedFile, writePacked } from '@gmlp/text/node';
import { formatNumber } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { type Document, readCorpus } from './corpus.ts';
import type { QuickstartSettings } from './settings.ts';
import { stageProgress } from './stage-progress.ts';

export interface PreparedText {
  readonly tokenizer: Tokenizer;
  /** The tokenizer.json. */
  readonly tokenizerFile: string;
  readonly training: PackedFile;
  readonly validation: PackedFile;
  readonly documents: { readonly training: number; readonly validation: number };
}

export interface PrepareTextOptions {
  /** Plain text, a file a document. */
  readonly source: string;
  /** Where the packed files go. */
  readonly folder: string;
  readonly key: Key;
  readonly progress: ProgressLine;
  readonly now: () => number;
  /** Called between two pieces of work; throws to stop. */
  readonly checkpoint: () => void;
}

export async function prepareText(
  { vocabulary, heldOut, model }: Pick<QuickstartSettings, 'vocabulary' | 'heldOut' | 'model'>,
  { source, folder, key, progress, now, checkpoint }: PrepareTextOptions,
): Promise<PreparedText> {
  const corpus = await readCorpus(source, heldOut, split(key, 'held out'));
  progress.print(`text: ${corpus.training.length} documents to train on, ${corpus.validation.length} held out`);
  checkpoint();

  const counting = stageProgress(progress, 'tokenizer, words counted in documents', now);
  const merging = stageProgress(progress, 'tokenizer, pieces', now);
  const json = await trainTokenizer(corpus.training, {
    vocabularySize: vocabulary,
    onProgress: (event) => {
      if (event.stage === 'count') counting(event.documents, corpus.training.length);
      else merging(event.pieces, vocabulary);
    },
  });
  const tokenizerFile = JSON.stringify(json);
  const tokenizer = loadTokenizer(json);
  progress.print(`tokenizer: ${formatNumber(tokenizer.vocabularySize)} pieces`);
  checkpoint();

  const pack = async (name: string, documents: readonly Document[]): Promise<PackedFile> => {
    const path = join(folder, `${name}.packed`);
    const packing = stageProgress(progress, `${name} text packed, documents`, now);
    const watched = async function* () {
      for (const [index, document] of documents.entries()) {
        checkpoint();
        yield document;
        packing(index + 1, documents.length);
      }
    };
    const shape = { sequenceLength: model.tokens, vocabularySize: vocabulary };
    await writePacked(path, packDocuments(watched(), tokenizer, shape), shape);
    const packed = await openPacked(path, shape);
    progress.print(`packed: ${formatNumber(packed.count)} ${name} sequences of ${model.tokens} tokens`);
    return packed;
  };
  const training = await pack('training', corpus.training);
  try {
    const validation = await pack('validation', corpus.validation);
    const documents = { training: corpus.training.length, validation: corpus.validation.length };
    return { tokenizer, tokenizerFile, training, validation, documents };
  } catch (error) {
    await training.close();
    throw error;
  }
}
