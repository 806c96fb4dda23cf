/** Running text: sequences of one length, of which pieces are asked for, those under masks or those that come next. */
import { key, split } from '@gmlp/base';
import type { MaskedLanguageBatch } from '@gmlp/models';
import {
  type Asked,
  countPieces,
  type MaskedBatch,
  packDocuments,
  pieceBytes,
  type Tokenizer,
  trainingBatches,
  unigramPerplexity,
  validationBatches,
} from '@gmlp/text';
import { hostBatches } from '@gmlp/training';
import type { Rows, TextForm } from './text-form.ts';

/** What is asked for, and the ids that never are. Throws for a tokenizer that lacks a token which the task needs. */
export type AskedOf<Data> = (
  tokenizer: Tokenizer,
  data: Partial<Data>,
) => { readonly asked: Asked; readonly never: ReadonlySet<number> };

/** Without gradients a batch needs far less memory than in training. */
const evaluationBatch = ({ batchSize }: { readonly batchSize: number }): number => Math.min(4 * batchSize, 32);

const tokensIn = ({ ids }: MaskedBatch): number => ids.data.length;

export function languageForm<Data>(askedOf: AskedOf<Data>): TextForm<Data, MaskedLanguageBatch, undefined> {
  const validation = ({ packed, tokenizer, data, batchSize, seed }: Rows<Data>): AsyncGenerator<MaskedBatch> =>
    validationBatches(packed, evaluationBatch({ batchSize }), split(key(seed), 'validation'), askedOf(tokenizer, data).asked);
  return {
    rows: 'sequences',
    rowLength: (tokens) => tokens,
    learnt: (text) => [text],
    pack: (documents, tokenizer, sequenceLength) => packDocuments(documents, tokenizer, { sequenceLength }),
    expectTokenizer: (tokenizer, data) => void askedOf(tokenizer, data),
    training({ packed, tokenizer, data, batchSize, seed }, first) {
      const { asked } = askedOf(tokenizer, data);
      return hostBatches(trainingBatches(packed, batchSize, split(key(seed), 'batches'), asked, first), tokensIn);
    },
    validation: (rows) => hostBatches(validation(rows), tokensIn),
    validationBatches: (rows) => Math.ceil(rows.packed.count / evaluationBatch(rows)),
    async bytesPerToken({ packed, tokenizer, data }) {
      const counts = await countPieces(packed, askedOf(tokenizer, data).never);
      const bytes = pieceBytes(tokenizer);
      const sum = (of: (id: number) => number): number => counts.reduce((all, count, id) => all + count * of(id), 0);
      return sum((id) => bytes[id]!) / sum(() => 1);
    },
    async baseline(training, heldOut) {
      const counts = await countPieces(training.packed, askedOf(training.tokenizer, training.data).never);
      const labels: number[] = [];
      for await (const batch of validation(heldOut)) for (const label of batch.labels.data) labels.push(label);
      const perplexity = unigramPerplexity(counts, labels);
      return { unigramLoss: Math.log(perplexity), unigramPerplexity: perplexity };
    },
  };
}
