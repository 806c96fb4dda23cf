/**
 * A corpus that `gmlp data pack` packed, as the text of a run. The run takes the shards that are packed when it begins, and keeps to
 * them: text.json in its folder names them with their fingerprints, so that packing may go on meanwhile.
 */
import { formatNumber, GmlpError } from '@gmlp/base';
import { makeFolder } from '@gmlp/checkpoint/node';
import { loadTokenizer } from '@gmlp/text';
import { type CorpusShard, fingerprintOf, openPackedCorpus, type PackedCorpus } from '@gmlp/text/node';
import type { DataSurroundings, SourceLook } from '../task.ts';
import type { PreparedText } from './prepare-text.ts';
import { readTextMark, type TextMark, writeTextMark } from './text-mark.ts';

/** What a text of this kind depends on. */
export interface CorpusTextSettings {
  readonly source: 'packed';
  readonly path: string;
  readonly vocabulary: number;
  readonly tokens: number;
}

export interface CorpusText extends PreparedText {
  changes(): Promise<SourceLook>;
}

type Surroundings = Pick<DataSurroundings, 'folder' | 'goesOn' | 'onlyOpen'> & {
  readonly print: (line: string) => void;
};

export async function corpusText(settings: CorpusTextSettings, around: Surroundings): Promise<CorpusText> {
  const { folder, goesOn, onlyOpen = false, print } = around;
  const { path, vocabulary, tokens } = settings;
  const mark = goesOn || onlyOpen ? await readTextMark(folder, settings) : undefined;
  if (mark === undefined && onlyOpen) {
    throw new GmlpError(
      'not-found',
      `${folder} does not say which shards of a corpus it was trained on (text.json); give a text with --data`,
      {
        folder,
      },
    );
  }
  const begun = mark?.shards;
  const shards = begun && Object.keys(begun);
  const corpus = await openPackedCorpus(path, { vocabularySize: vocabulary, sequenceLength: tokens, shards });
  try {
    expectBothParts(path, corpus);
    if (mark === undefined) {
      await makeFolder(folder);
      await writeTextMark(folder, settings, markOf(corpus));
      print(`text: ${said(corpus)}`);
    }
  } catch (error) {
    await corpus.close();
    throw error;
  }
  const { tokenizerFile, training, validation, close } = corpus;
  return {
    ...{ tokenizer: loadTokenizer(tokenizerFile), tokenizerFile, training, validation, close },
    ...markOf(corpus),
    changes: async () => ({ changes: begun === undefined ? [] : changedShards(path, begun, corpus.index.shards), notes: [] }),
  };
}

function markOf({ index, source, training, validation }: PackedCorpus): TextMark & { readonly shards: Record<string, string> } {
  return {
    documents: { training: training.documents, validation: validation.documents },
    fingerprints: {
      source,
      tokenizer: index.settings.tokenizer,
      training: training.fingerprint,
      validation: validation.fingerprint,
    },
    shards: Object.fromEntries(index.shards.map((shard) => [shard.name, shardFingerprint(shard)])),
  };
}

const shardFingerprint = ({ text, parts }: CorpusShard): string =>
  fingerprintOf([text, parts.training.ids, parts.validation.ids].join('\n'));

function changedShards(path: string, begun: Readonly<Record<string, string>>, now: readonly CorpusShard[]): readonly string[] {
  return now
    .map((shard) => [shard.name, shardFingerprint(shard)] as const)
    .filter(([name, fingerprint]) => begun[name] !== fingerprint)
    .map(
      ([name, fingerprint]) =>
        `the shard ${name} of the corpus ${path} was packed anew from another text (its SHA-256 is now ${fingerprint.slice(0, 16)}…)`,
    );
}

function said({ index, training, validation }: PackedCorpus): string {
  const { shards, sources, settings } = index;
  const part = ({ count }: { readonly count: number }): string => formatNumber(count);
  const later = sources.length - shards.length;
  const rest = later === 0 ? '' : `; the ${formatNumber(later)} that are still to be packed are not a part of this run`;
  return `${formatNumber(shards.length)} packed shards of ${formatNumber(sources.length)}, ${part(training)} sequences of ${settings.sequenceLength} tokens to train on, ${part(validation)} held out${rest}`;
}

function expectBothParts(path: string, { index, training, validation }: PackedCorpus): void {
  const { shards, sources } = index;
  const packed = `${formatNumber(shards.length)} of ${formatNumber(sources.length)} shards are packed`;
  for (const [name, { count }] of [
    ['to train on', training],
    ['held out', validation],
  ] as const) {
    if (count > 0) continue;
    const advice = shards.length < sources.length ? 'wait for more shards' : 'pack more text, or with a larger --held-out';
    throw new GmlpError('invalid-data', `the corpus ${path} has no sequence ${name} (${packed}); ${advice}`, { path });
  }
}
