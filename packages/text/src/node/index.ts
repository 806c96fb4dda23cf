export type { BadRecord, BadRecordReason, DocumentPosition, DocumentStream, OnBadRecord } from './bad-records.ts';
export { type ByteLine, byteLines } from './byte-lines.ts';
export {
  type CorpusIndex,
  type CorpusPart,
  type CorpusSettings,
  type CorpusShard,
  corpusParts,
  indexName,
  type PackedPart,
  readIndex,
} from './corpus/corpus-index.ts';
export { type CorpusSource, sourceName } from './corpus/corpus-source.ts';
export { type CountCorpusWordsOptions, countCorpusWords } from './corpus/count-corpus-words.ts';
export {
  type CorpusSequences,
  corpusCounts,
  corpusFingerprint,
  type OpenCorpusOptions,
  openPackedCorpus,
  type PackedCorpus,
} from './corpus/open-packed-corpus.ts';
export { type PackCorpusOptions, type PackProgress, packCorpus } from './corpus/pack-corpus.ts';
export { type CorpusStatistics, noStatistics, summedStatistics } from './corpus/piece-statistics.ts';
export type { ReadProgress } from './corpus/read-progress.ts';
export { fingerprintOf, textFingerprint } from './fingerprint.ts';
export { fingerprintPacked } from './fingerprint-packed.ts';
export { inWords, listTextFiles, type TextListing, textExtensions } from './list-text-files.ts';
export { type OpenPackedOptions, openPacked, type PackedFile } from './open-packed.ts';
export type { PackedFingerprints, PackedHeader, PackedOrigin } from './packed-header.ts';
export { type ReadOptions, type ReadShardOptions, readC4 } from './read-c4.ts';
export {
  type LabelledBytes,
  type LabelledStream,
  labelledFormatOf,
  labelledTexts,
  type ReadLabelledOptions,
  readLabelled,
} from './read-labelled.ts';
export { type ReadTextFilesOptions, readTextFiles } from './read-text-files.ts';
export { type WritePackedOptions, writePacked } from './write-packed.ts';
