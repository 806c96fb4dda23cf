/** One shard of text -> its packed files and its mark. It is read once, as a stream. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeWholeFile } from '@gmlp/base/node';
import { sequencePacker } from '../../sequence-packer.ts';
import type { Tokenizer } from '../../tokenizer.ts';
import type { BadRecord } from '../bad-records.ts';
import { type PackedRows, packedRows } from '../write-packed.ts';
import type { CorpusPart, CorpusSettings, CorpusShard } from './corpus-index.ts';
import { shardStem, writeShardMark } from './corpus-index.ts';
import { type CorpusSource, readSource, sourceName } from './corpus-source.ts';
import { documentDigest, documentHash, isHeldOut } from './document-digest.ts';
import { pieceStatistics } from './piece-statistics.ts';
import type { ReadSourceOptions } from './read-source-options.ts';
import { repeatedDocuments } from './repeated-documents.ts';

export interface PackShardOptions {
  /** The corpus's. */
  readonly folder: string;
  readonly settings: CorpusSettings;
  readonly tokenizer: Tokenizer;
  /** What the mark tells it by. */
  readonly made: string;
  /** Files of hashes: the shard's own and those of the shards before it; absent where duplicates are kept. */
  readonly hashes?: { readonly own: string; readonly earlier: readonly string[] } | undefined;
  readonly onBad: 'stop' | 'skip';
  readonly http?: ReadSourceOptions['http'];
  readonly onBytes?: ReadSourceOptions['onBytes'];
  readonly onBadRecord?: (bad: BadRecord) => void;
  readonly onDocument?: (tokens: number) => void;
}

export async function packShard(source: CorpusSource, options: PackShardOptions): Promise<CorpusShard> {
  const { folder, settings, tokenizer, made, hashes, onBad, http, onBytes, onBadRecord, onDocument } = options;
  const { sequenceLength, vocabularySize, heldOut } = settings;
  const name = sourceName(source);
  const stem = shardStem(name);
  const repeated = hashes && (await repeatedDocuments(hashes.own, hashes.earlier));
  const leftOut: Record<string, number> = {};
  const bad = (record: BadRecord): void => {
    leftOut[record.reason] = (leftOut[record.reason] ?? 0) + 1;
    onBadRecord?.(record);
  };
  const text = createHash('sha256');
  const statistics = pieceStatistics(tokenizer);
  const documents = { training: 0, validation: 0 };
  let repeats = 0;

  const fill = async (rows: Readonly<Record<CorpusPart, PackedRows>>): Promise<void> => {
    const packers = {
      training: sequencePacker(tokenizer, sequenceLength),
      validation: sequencePacker(tokenizer, sequenceLength),
    };
    for await (const document of readSource(source, { onBadRecord: onBad === 'stop' ? 'throw' : bad, onBytes, http })) {
      const digest = documentDigest(document.text);
      text.update(digest);
      if (repeated?.isRepeated(documentHash(digest))) {
        repeats++;
        onDocument?.(0);
        continue;
      }
      const ids = tokenizer.encode(document.text, { specialTokens: false });
      statistics.add(document.text, ids);
      const part = isHeldOut(digest, heldOut) ? 'validation' : 'training';
      documents[part]++;
      for (const sequence of packers[part].add(ids)) {
        const written = rows[part].add(sequence);
        if (written !== undefined) await written;
      }
      onDocument?.(ids.length);
    }
  };

  const files = { training: `${stem}.training.packed`, validation: `${stem}.validation.packed` };
  const shape = { sequenceLength, vocabularySize, tokenizer: settings.tokenizer };
  const heads = await writeWholeFile('packShard', join(folder, files.training), (trainingAt) =>
    writeWholeFile('packShard', join(folder, files.validation), async (validationAt) => {
      const rows = { training: packedRows(trainingAt, shape), validation: packedRows(validationAt, shape) };
      await fill(rows);
      const of = text.copy().digest('hex');
      return { training: await rows.training.finish(of), validation: await rows.validation.finish(of) };
    }),
  );
  const partOf = (part: CorpusPart): CorpusShard['parts'][CorpusPart] => ({
    file: files[part],
    documents: documents[part],
    sequences: heads[part].count,
    ids: heads[part].fingerprints.ids,
  });
  const shard: CorpusShard = {
    name,
    made,
    text: text.digest('hex'),
    repeated: repeats,
    leftOut,
    parts: { training: partOf('training'), validation: partOf('validation') },
    statistics: statistics.statistics(),
  };
  await writeShardMark(join(folder, `${stem}.json`), shard);
  return shard;
}
