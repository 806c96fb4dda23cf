/** Our side of `bench tokenizer-training`, a process of its own: `tokenizer-training-side.js bpe|unigram <folder> <pieces>`. Prints JSON. */
import { readdirSync } from 'node:fs';
import { bpeTokenizer, unigramTokenizer } from '@gmlp/text';
import { type CorpusSource, countCorpusWords } from '@gmlp/text/node';
import { peakMegabytes } from './peak-memory.ts';

export interface TrainingSide {
  readonly seconds: number;
  readonly peakMb: number;
}

const [kind = '', folder = '', pieces = ''] = process.argv.slice(2);
const sources: CorpusSource[] = readdirSync(folder)
  .sort()
  .map((name) => ({ kind: 'text', name, root: folder, files: [name] }));
const start = performance.now();
const counts = await countCorpusWords(sources);
await (kind === 'unigram' ? unigramTokenizer : bpeTokenizer)(counts, { vocabularySize: Number(pieces) });
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakMb: Math.round(peakMegabytes()) } satisfies TrainingSide));
