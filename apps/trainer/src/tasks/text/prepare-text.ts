/**
 * Text -> tokenizer -> packed tokens on disk: all that training reads. The folder holds `tokenizer.json`, `training.packed`,
 * `validation.packed` and, written last, `text.json`, which says what they were made of: with it the folder is whole.
 */
import { dirname, join } from 'node:path';
import { formatNumber, GmlpError, key, split } from '@gmlp/base';
import { makeFolder, writeFileAtomically } from '@gmlp/checkpoint/node';
import { expectVocabulary, loadTokenizer, type TextDocument, type Tokenizer } from '@gmlp/text';
import { fingerprintOf, openPacked, type PackedFile, writePacked } from '@gmlp/text/node';
import { type Corpus, type CorpusPart, splitCorpus } from './corpus.ts';
import { leftOutCount, leftOutInWords, leftOutLines } from './left-out.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { packedFiles, sourceFiles } from './source-files.ts';
import { stageProgress } from './stage-progress.ts';
import type { PackedRows, TextForm } from './text-form.ts';
import { readTextMark, type TextFingerprints, writeTextMark } from './text-mark.ts';
import type { TextSettings, TextWork } from './text-settings.ts';
import { openTextSource } from './text-source.ts';
import { tokenizerFor } from './tokenizer-for.ts';

export interface PreparedText {
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
  readonly training: PackedRows;
  readonly validation: PackedRows;
  readonly documents: Readonly<Record<CorpusPart, number>>;
  readonly fingerprints: TextFingerprints;
  /** What decided which part is held out, if that is known. */
  readonly seed?: number;
  close(): Promise<void>;
}

export interface PrepareTextOptions extends TextWork {
  readonly folder: string;
  /** Decides what is held out. */
  readonly seed: number;
  /** What is made of the documents. */
  readonly form: Pick<TextForm<never, never, never>, 'rows' | 'learnt' | 'pack'> & {
    readonly expectTokenizer: (tokenizer: Tokenizer) => void;
  };
}

export async function prepareText(settings: TextSettings, options: PrepareTextOptions): Promise<PreparedText> {
  const { folder, seed, progress, now, stopIfAborted, form } = options;
  expectTokens(settings);
  const files = await sourceFiles(settings); // before they are read: what changes then is seen
  const source = await openTextSource(settings, (counted) => {
    stopIfAborted();
    progress.update(`text: ${formatNumber(counted)} documents counted`);
  });
  for (const note of source.notes) progress.print(`text: ${note}`);
  if (leftOutCount(source.leftOut) > 0) {
    await makeFolder(folder);
    const list = join(folder, 'left-out.jsonl');
    await writeFileAtomically(list, leftOutLines(source.leftOut));
    progress.print(`text: records left out: ${leftOutInWords(source.leftOut)}, listed in ${list}`);
  }
  const corpus = splitCorpus(source, settings.heldOut, split(key(seed), 'held out'));
  const { documents, unit } = corpus;
  progress.print(`text: ${formatNumber(documents.training)} ${unit} to train on, ${formatNumber(documents.validation)} held out`);
  stopIfAborted();

  const { tokenizer, tokenizerFile } = await tokenizerFor(settings, corpus, options);
  form.expectTokenizer(tokenizer);
  progress.print(`tokenizer: ${formatNumber(tokenizer.vocabularySize)} pieces`);
  stopIfAborted();

  await makeFolder(folder);
  const origin = { source: source.fingerprint, tokenizer: fingerprintOf(tokenizerFile) };
  const fingerprints = { ...origin, training: '', validation: '' };
  // The held-out part first: it is the shorter one, and may be too short.
  for (const part of ['validation', 'training'] as const) {
    const packing = stageProgress(progress, `${part} text packed, ${unit}`, now);
    const watched = async function* (): AsyncGenerator<TextDocument> {
      let done = 0;
      for await (const document of corpus.read(part)) {
        stopIfAborted();
        yield document;
        packing(++done, documents[part]);
      }
    };
    const shape = { sequenceLength: settings.tokens, vocabularySize: settings.vocabulary };
    const sequences = form.pack(watched(), tokenizer, settings.tokens);
    const { count, fingerprints: packed } = await writePacked(join(folder, `${part}.packed`), sequences, { ...shape, ...origin });
    if (count === 0) throw await noSequence(part, corpus, tokenizer, settings);
    fingerprints[part] = packed.ids;
    progress.print(`packed: ${formatNumber(count)} ${part} ${form.rows} of ${settings.tokens} tokens`);
  }
  await expectUnchanged(settings, files, source.fingerprint);
  await writeFileAtomically(join(folder, 'tokenizer.json'), tokenizerFile);
  const looked = files !== undefined && { looked: { files, source: source.fingerprint } };
  const packed = await packedFiles(folder);
  await writeTextMark(folder, settings, { documents, fingerprints, seed, ...looked, ...(packed && { packed }) });
  return (await openPreparedText(settings, folder))!;
}

function expectTokens({ tokens }: TextSettings): void {
  if (tokens >= 2) return;
  throw new GmlpError(
    'invalid-argument',
    `a sequence of ${tokens} token holds no text, as one begins it: model.tokens is at least 2`,
  );
}

/** The text is read several times: what somebody writes into it meanwhile would leave documents out, or train on what is held out. */
async function expectUnchanged(settings: TextSettings, files: string | undefined, fingerprint: string): Promise<void> {
  if ((await sourceFiles(settings)) === files || (await openTextSource(settings)).fingerprint === fingerprint) return;
  const what = settings.path ?? settings.source;
  throw new GmlpError('invalid-data', `the text ${what} was changed while it was packed; begin when nothing writes there`, {
    path: settings.path,
  });
}

/** The text is shorter than a sequence: to read it again costs nothing. */
async function noSequence(part: CorpusPart, corpus: Corpus, tokenizer: Tokenizer, { tokens }: TextSettings): Promise<GmlpError> {
  const count = corpus.documents[part];
  let found = 0;
  for await (const { text } of corpus.read(part)) found += tokenizer.encode(text, { specialTokens: false }).length + 1;
  const [name, more] = part === 'validation' ? ['held-out', 'more'] : ['training', 'less'];
  const what = `${formatNumber(count)} ${count === 1 ? corpus.unit.slice(0, -1) : corpus.unit}`;
  return new GmlpError(
    'invalid-data',
    `the ${name} text, ${what}, has ${formatNumber(found)} tokens, a sequence takes ${tokens} (one begins it); give more text, hold out ${more} (data.heldOut), or take a model with shorter sequences (model.tokens)`,
    { part, count, tokens, found },
  );
}

/** A text that was prepared before with the same settings, `undefined` if the folder holds none or only a part. */
export async function openPreparedText(settings: TextSettings, folder: string): Promise<PreparedText | undefined> {
  const mark = await readTextMark(folder, settings);
  if (mark === undefined) return undefined;
  const { documents, fingerprints, seed } = mark;
  const tokenizerPath = join(folder, 'tokenizer.json');
  const tokenizerFile = await anewIn(folder, readTokenizerFile(tokenizerPath));
  expectFingerprint(tokenizerPath, fingerprintOf(tokenizerFile), fingerprints.tokenizer);
  const tokenizer = loadTokenizer(tokenizerFile);
  expectVocabulary(tokenizer, settings.vocabulary);
  const shape = { sequenceLength: settings.tokens, vocabularySize: settings.vocabulary };
  const openPart = async (part: CorpusPart): Promise<PackedFile> => {
    const packedPath = join(folder, `${part}.packed`);
    const packed = await anewIn(folder, openPacked(packedPath, shape));
    try {
      expectFingerprint(packedPath, packed.fingerprints.ids, fingerprints[part]);
      return {
        ...packed,
        sequence: (index) => anewIn(folder, packed.sequence(index)),
        batch: (indices) => anewIn(folder, packed.batch(indices)),
      };
    } catch (error) {
      await packed.close();
      throw error;
    }
  };
  const training = await openPart('training');
  try {
    const validation = await openPart('validation');
    const close = async (): Promise<void> => {
      await training.close();
      await validation.close();
    };
    return {
      tokenizer,
      tokenizerFile,
      training,
      validation,
      documents,
      fingerprints,
      ...(seed !== undefined && { seed }),
      close,
    };
  } catch (error) {
    await training.close();
    throw error;
  }
}

/** Who reads a packed file as it comes packs the text again; a run does that when the folder is gone. */
async function anewIn<Result>(folder: string, reading: Promise<Result>): Promise<Result> {
  return reading.catch((error: unknown) => {
    const again = /[;,] (pack the text again|write one with writePacked)$/;
    if (!GmlpError.isInstance(error) || !(again.test(error.message) || error.code === 'not-found')) throw error;
    const message = `${error.message.replace(again, '')}; remove ${folder}, and the text is packed anew`;
    throw new GmlpError(error.code, message, error.fields, { cause: error });
  });
}

/** Of files of one preparation none can be exchanged for another's. */
export function expectFingerprint(path: string, actual: string, expected: string): void {
  if (actual === expected) return;
  throw new GmlpError(
    'invalid-data',
    `openPreparedText: ${path} is not as it was when text.json beside it was written (SHA-256 ${actual}, expected ${expected}); remove ${dirname(path)}, and the text is packed anew`,
    { path, actual, expected },
  );
}
