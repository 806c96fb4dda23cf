export {
  encodePaddedSentences,
  encodeSentences,
  type FilledMask,
  likeliest,
  type MaskedSentences,
  type PaddedSentences,
  rowOfDocument,
} from './fill-mask.ts';
export { type FramedTexts, type FrameIds, frameTexts } from './labelled/frame-texts.ts';
export { type GlueTask, type GlueTaskName, glueLabels, glueTasks, labelNumbers } from './labelled/glue-tasks.ts';
export { usualColumns } from './labelled/labelled-columns.ts';
export type { LabelledColumns, LabelledFormat, LabelledText, NumberedColumns } from './labelled/labelled-text.ts';
export { loadTokenizer, tokenizerText } from './load-tokenizer.ts';
export { chosenCount, ignoredLabel, type MaskedBatch, type MaskOptions, maskOptions, maskTokens } from './mask-tokens.ts';
export { type Asked, countPieces, trainingBatches, validationBatches } from './masked-batches.ts';
export { nextTokenBatch } from './next-token-batch.ts';
export { type PackOptions, packDocuments } from './pack-documents.ts';
export { type PackedSequences, packedInMemory } from './packed-sequences.ts';
export { pieceBytes } from './piece-bytes.ts';
export {
  type BatchPosition,
  type BatchShare,
  batchPosition,
  type IndexBatch,
  type ShuffleOptions,
  shuffledBatches,
} from './shuffled-batches.ts';
export {
  type AnswerOptions,
  type AnswerPlaces,
  type AnswerSpan,
  type BestAnswers,
  bestAnswers,
  type SpanScores,
  type WindowAnswers,
  windowAnswers,
} from './squad/best-answers.ts';
export { type ContextWindow, contextWindows } from './squad/context-windows.ts';
export { parseSquad, type SquadAnswer, type SquadQuestion } from './squad/parse-squad.ts';
export {
  encodeContext,
  piecesOfAnswer,
  type QuestionWindowOptions,
  type QuestionWindows,
  questionWindows,
  spanLabels,
  windowIds,
} from './squad/question-windows.ts';
export {
  type Squad1Scores,
  type Squad2Options,
  type Squad2Scores,
  type SquadPredictions,
  scoreSquad1,
  scoreSquad2,
} from './squad/score-squad.ts';
export type { DocumentSource, TextDocument, Texts } from './text-document.ts';
export { type EncodedText, expectVocabulary, specialId, type Tokenizer } from './tokenizer.ts';
export type { AddedToken, TokenizerJson } from './tokenizer-json.ts';
export {
  type BpeTokenizerOptions,
  bpeTokenizer,
  type MergeProgress,
  type TrainTokenizerOptions,
  type TrainTokenizerProgress,
  trainTokenizer,
} from './train-tokenizer.ts';
export {
  type PruneProgress,
  type TrainUnigramTokenizerOptions,
  trainUnigramTokenizer,
  type UnigramTokenizerOptions,
  unigramTokenizer,
} from './train-unigram-tokenizer.ts';
export type { UnigramTokenizerJson } from './unigram/unigram-tokenizer-json.ts';
export { unigramPerplexity } from './unigram-model.ts';
export { type CountWordsOptions, countWords, type WordCounts } from './word-counts.ts';
