/**
 * Text -> tokenizer -> packed tokens on disk: all that training reads. The folder holds `tokenizer.json`, `training.packed`,
 * `validation.packed` and, written last, `text.json`, which says what they were made of: with it the folder is whole.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure, GmlpError, type Key, split } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { expectVocabulary, loadTokenizer, packDocuments, type TextDocument, type Tokenizer, trainTokenizer } from '@gmlp/text';
import { fingerprintOf, openPacked, type PackedFile, writePacked } from '@gmlp/text/node';
import { formatNumber } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { type Corpus, type CorpusPart, splitCorpus } from './corpus.ts';
import { leftOutCount, leftOutInWords, leftOutLines } from './left-out.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { sourceChange, sourceFiles } from './source-change.ts';
import { stageProgress } from './stage-progress.ts';
import { openTextSource, type TextSourceOptions } from './text-source.ts';

/** What a prepared text depends on besides the key. */
export interface TextSettings extends TextSourceOptions {
  /** From 1 on: how many documents are held out; below 1: which part of the text. */
  readonly heldOut: number;
  /** How many pieces the tokenizer has. */
  readonly vocabulary: number;
  /** A tokenizer.json to use; one is trained on the text otherwise. */
  readonly tokenizer?: string | undefined;
  /** The length of a sequence. */
  readonly tokens: number;
}

export interface PreparedText {
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
  readonly training: PackedFile;
  readonly validation: PackedFile;
  readonly documents: Readonly<Record<CorpusPart, number>>;
  readonly fingerprints: TextFingerprints;
  close(): Promise<void>;
}

/** SHA-256 of all that training reads and of what it was made of: equal ones mean the same batches under the same key. */
export interface TextFingerprints {
  /** The documents as they were read, in their order. */
  readonly source: string;
  readonly tokenizer: string;
  /** The packed ids of each part. */
  readonly training: string;
  readonly validation: string;
}

export interface PrepareTextOptions {
  readonly folder: string;
  readonly key: Key;
  readonly progress: ProgressLine;
  readonly now: () => number;
  /** Called between two pieces of work; throws to stop. */
  readonly stopIfAborted: () => void;
}

/** A tokenizer learns from so many documents at most: more change hardly a piece, and their words would fill the memory. */
const tokenizerDocuments = 50_000;
const format = 'gmlp-text';
const version = 2;

export async function prepareText(settings: TextSettings, options: PrepareTextOptions): Promise<PreparedText> {
  const { folder, key, progress, now, stopIfAborted } = options;
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
  const corpus = splitCorpus(source, settings.heldOut, split(key, 'held out'));
  const { documents, unit } = corpus;
  progress.print(`text: ${formatNumber(documents.training)} ${unit} to train on, ${formatNumber(documents.validation)} held out`);
  stopIfAborted();

  const tokenizerFile = await tokenizerFor(settings, corpus, options);
  const tokenizer = loadTokenizer(tokenizerFile);
  expectVocabulary(tokenizer, settings.vocabulary);
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
    const sequences = packDocuments(watched(), tokenizer, shape);
    const { count, fingerprints: packed } = await writePacked(join(folder, `${part}.packed`), sequences, { ...shape, ...origin });
    if (count === 0) throw await noSequence(part, corpus, tokenizer, settings);
    fingerprints[part] = packed.ids;
    progress.print(`packed: ${formatNumber(count)} ${part} sequences of ${settings.tokens} tokens`);
  }
  await writeFileAtomically(join(folder, 'tokenizer.json'), tokenizerFile);
  const mark = { format, version, ...madeOf(settings), documents, fingerprints, files: files?.signature };
  await writeFileAtomically(join(folder, 'text.json'), `${JSON.stringify(mark, null, 2)}\n`);
  return (await openPreparedText(settings, folder))!;
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

/**
 * A text that was prepared before with the same settings, `undefined` if the folder holds none or only a part. With `onChange`
 * the source is looked at again: it hears what changed there since.
 */
export async function openPreparedText(
  settings: TextSettings,
  folder: string,
  onChange?: (change: string) => void,
): Promise<PreparedText | undefined> {
  const path = join(folder, 'text.json');
  const mark = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new GmlpError('io', `openPreparedText: ${path}: ${cause.message}`, { path }, { cause });
  });
  if (mark === undefined) return undefined;
  const { documents, fingerprints, files } = readMark(path, mark, settings);
  const change = onChange && (await sourceChange(settings, { files, fingerprints }));
  if (change !== undefined) onChange?.(change);
  const tokenizerPath = join(folder, 'tokenizer.json');
  const tokenizerFile = await readTokenizerFile(tokenizerPath);
  expectFingerprint(tokenizerPath, fingerprintOf(tokenizerFile), fingerprints.tokenizer);
  const tokenizer = loadTokenizer(tokenizerFile);
  expectVocabulary(tokenizer, settings.vocabulary);
  const shape = { sequenceLength: settings.tokens, vocabularySize: settings.vocabulary };
  const openPart = async (part: CorpusPart): Promise<PackedFile> => {
    const packedPath = join(folder, `${part}.packed`);
    const packed = await openPacked(packedPath, shape);
    try {
      expectFingerprint(packedPath, packed.fingerprints.ids, fingerprints[part]);
      return packed;
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
    return { tokenizer, tokenizerFile, training, validation, documents, fingerprints, close };
  } catch (error) {
    await training.close();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw fileFailure(folder, cause);
  });
}

async function tokenizerFor(
  { vocabulary, tokenizer }: TextSettings,
  corpus: Corpus,
  { progress, now, stopIfAborted }: PrepareTextOptions,
): Promise<string> {
  if (tokenizer !== undefined) return readTokenizerFile(tokenizer);
  const counting = stageProgress(progress, `tokenizer, words counted in ${corpus.unit}`, now);
  const merging = stageProgress(progress, 'tokenizer, pieces', now);
  const most = Math.min(corpus.documents.training, tokenizerDocuments);
  if (most < corpus.documents.training) progress.print(`tokenizer: trained on the first ${formatNumber(most)} ${corpus.unit}`);
  const some = async function* (): AsyncGenerator<TextDocument> {
    let taken = 0;
    for await (const document of corpus.read('training')) {
      stopIfAborted();
      yield document;
      if (++taken === most) return;
    }
  };
  const json = await trainTokenizer(some(), {
    vocabularySize: vocabulary,
    onProgress: (event) => {
      if (event.stage === 'count') counting(event.documents, most);
      else merging(event.pieces, vocabulary);
    },
  });
  return JSON.stringify(json);
}

function madeOf({ source, path, onBad, heldOut, vocabulary, tokenizer, tokens }: TextSettings): Record<string, unknown> {
  return { source, path, onBad, heldOut, vocabulary, tokenizer, tokens };
}

/** Of files of one preparation none can be exchanged for another's. */
function expectFingerprint(path: string, actual: string, expected: string): void {
  if (actual === expected) return;
  throw new GmlpError(
    'invalid-data',
    `openPreparedText: ${path} is not the file that text.json beside it was written with (SHA-256 ${actual}, expected ${expected}); remove the folder to prepare the text anew`,
    { path, actual, expected },
  );
}

interface Mark extends Pick<PreparedText, 'documents' | 'fingerprints'> {
  readonly files: string | undefined;
}

function readMark(path: string, text: string, settings: TextSettings): Mark {
  const fail = (problem: string): GmlpError =>
    new GmlpError('invalid-data', `openPreparedText: ${path} ${problem}; remove its folder to prepare the text anew`, { path });
  let mark: Record<string, unknown>;
  try {
    mark = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  if (mark?.['format'] !== format) throw fail(`lacks "format": "${format}"`);
  if (mark['version'] !== version) {
    throw new GmlpError(
      'unsupported-version',
      `openPreparedText: ${path} has version ${String(mark['version'])}, this gmlp reads ${version}; remove its folder to prepare the text anew`,
      { path },
    );
  }
  for (const [name, value] of Object.entries(madeOf(settings))) {
    if (mark[name] !== value) throw fail(`was made with ${name} ${String(mark[name])}, expected ${String(value)}`);
  }
  const documents = mark['documents'] as Partial<PreparedText['documents']> | undefined;
  const { training, validation } = documents ?? {};
  if (typeof training !== 'number' || typeof validation !== 'number') throw fail('lacks "documents"');
  const fingerprints = mark['fingerprints'] as TextFingerprints | undefined;
  for (const name of ['source', 'tokenizer', 'training', 'validation'] as const) {
    if (!/^[0-9a-f]{64}$/.test(fingerprints?.[name] ?? '')) throw fail(`lacks fingerprints.${name}`);
  }
  const files = mark['files'];
  if (files !== undefined && typeof files !== 'string') throw fail('has "files" that are no fingerprint');
  return { documents: { training, validation }, fingerprints: fingerprints!, files };
}
