/** The tokenizer of a text: one that is there, or one trained on the text. What is wrong with it is said of the recipe's settings. */
import { formatNumber, GmlpError } from '@gmlp/base';
import { loadTokenizer, type Tokenizer, trainTokenizer } from '@gmlp/text';
import type { Corpus } from './corpus.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { stageProgress } from './stage-progress.ts';
import type { TextSettings, TextWork } from './text-settings.ts';

/** A tokenizer learns from so many documents at most: more change hardly a piece, and their words would fill the memory. */
const tokenizerDocuments = 50_000;

export interface TokenizerWork extends TextWork {
  /** What it is trained on, of a document. */
  readonly form: { readonly learnt: (text: string) => Iterable<string> };
}

export interface FoundTokenizer {
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
}

export async function tokenizerFor(settings: TextSettings, corpus: Corpus, options: TokenizerWork): Promise<FoundTokenizer> {
  const { tokenizer: path, vocabulary } = settings;
  if (path === undefined) {
    const tokenizerFile = await trained(vocabulary, corpus, options);
    return { tokenizer: loadTokenizer(tokenizerFile), tokenizerFile };
  }
  return givenTokenizer(path, vocabulary);
}

/** One that is there, of as many pieces as the recipe says. */
export async function givenTokenizer(path: string, vocabulary: number): Promise<FoundTokenizer> {
  const tokenizerFile = await readTokenizerFile(path);
  const tokenizer = loadTokenizer(tokenizerFile);
  const pieces = tokenizer.vocabularySize;
  if (pieces === vocabulary) return { tokenizer, tokenizerFile };
  throw new GmlpError(
    'invalid-argument',
    `the tokenizer ${path} has ${pieces} pieces, but data.vocabulary is ${vocabulary}; set it with --set data.vocabulary=${pieces}, or name another data.tokenizer`,
    { path, pieces, vocabulary },
  );
}

async function trained(
  vocabulary: number,
  corpus: Corpus,
  { progress, now, stopIfAborted, form }: TokenizerWork,
): Promise<string> {
  const counting = stageProgress(progress, `tokenizer, words counted in ${corpus.unit}`, now);
  const merging = stageProgress(progress, 'tokenizer, pieces', now);
  const most = Math.min(corpus.documents.training, tokenizerDocuments);
  if (most < corpus.documents.training) progress.print(`tokenizer: trained on the first ${formatNumber(most)} ${corpus.unit}`);
  const some = async function* (): AsyncGenerator<{ readonly text: string }> {
    let taken = 0;
    for await (const document of corpus.read('training')) {
      stopIfAborted();
      for (const text of form.learnt(document.text)) yield { text };
      if (++taken === most) return;
    }
  };
  try {
    const json = await trainTokenizer(some(), {
      vocabularySize: vocabulary,
      onProgress: (event) => {
        if (event.stage === 'count') counting(event.documents, most);
        else merging(event.pieces, vocabulary);
      },
    });
    return JSON.stringify(json);
  } catch (error) {
    throw ofVocabulary(error, vocabulary);
  }
}

/** `trainTokenizer` tells of its own option, which is the recipe's `data.vocabulary`. */
function ofVocabulary(error: unknown, vocabulary: number): unknown {
  if (!GmlpError.isInstance(error)) return error;
  const { fixed, pieces } = error.fields;
  const problem =
    typeof fixed === 'number'
      ? `a tokenizer of this text has at least ${fixed} pieces (the special tokens, 256 bytes and the text's characters), but data.vocabulary is ${vocabulary}; set it with --set data.vocabulary=${fixed}, or larger`
      : typeof pieces === 'number'
        ? `the text gives a tokenizer of ${pieces} pieces, but data.vocabulary is ${vocabulary}; give more text, or set it with --set data.vocabulary=${pieces}, or smaller`
        : undefined;
  return problem === undefined ? error : new GmlpError(error.code, problem, error.fields, { cause: error });
}
