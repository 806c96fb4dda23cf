/** A text in two parts: whole documents are held out for validation, the rest is trained on. */
import { GmlpError, type Key } from '@gmlp/base';
import { permutation, type TextDocument } from '@gmlp/text';
import type { TextSource } from './text-source.ts';

export type CorpusPart = 'training' | 'validation';

export interface Corpus {
  readonly documents: Readonly<Record<CorpusPart, number>>;
  /** The documents of one part, in the order of the source. */
  read(part: CorpusPart): AsyncIterable<TextDocument>;
}

/** The key alone decides which documents are held out: neither the machine nor the order of the file system does. */
export function splitCorpus(source: TextSource, heldOut: number, key: Key): Corpus {
  const { documents } = source;
  if (!Number.isInteger(heldOut) || heldOut < 1 || heldOut >= documents) {
    throw new GmlpError(
      'invalid-argument',
      `splitCorpus: expected to hold out 1 to ${documents - 1} of ${documents} documents, got ${heldOut}`,
      { heldOut, documents },
    );
  }
  const validation = new Set(permutation(documents, key).slice(0, heldOut));
  return {
    documents: { training: documents - heldOut, validation: heldOut },
    async *read(part) {
      let index = 0;
      for await (const document of source.read()) {
        if (validation.has(index++) === (part === 'validation')) yield document;
      }
    },
  };
}
