/** A text in two parts: documents or passages of them are held out for validation, the rest is trained on. */
import { formatNumber, GmlpError, indexPermutation, type Key } from '@gmlp/base';
import type { TextDocument } from '@gmlp/text';
import { passagesOf } from './passages.ts';
import type { TextSource } from './text-source.ts';

export type CorpusPart = 'training' | 'validation';

export interface Corpus {
  readonly unit: 'documents' | 'passages';
  /** How many of the unit each part has. */
  readonly documents: Readonly<Record<CorpusPart, number>>;
  /** The documents or passages of one part, in the order of the source. */
  read(part: CorpusPart): AsyncIterable<TextDocument>;
}

/**
 * From 1 on `heldOut` counts whole documents; below it is the part of the text that is held out, in passages of about a page.
 * The key alone decides which: neither the machine nor the order of the file system does.
 */
export function splitCorpus(source: TextSource, heldOut: number, key: Key): Corpus {
  const unit = heldOut < 1 ? 'passages' : 'documents';
  const all = source[unit];
  const held = unit === 'documents' ? heldOut : Math.max(1, Math.round(heldOut * all));
  if (!Number.isInteger(held) || held < 1 || held >= all || heldOut <= 0) throw cannotHoldOut(source, heldOut);
  // What comes first in a random order is held out.
  const order = indexPermutation(all, key);
  return {
    unit,
    documents: { training: all - held, validation: held },
    async *read(part) {
      let index = 0;
      for await (const document of source.read()) {
        const pieces = unit === 'documents' ? [document.text] : passagesOf(document.text);
        for (const text of pieces) {
          if (order(index++) < held === (part === 'validation')) yield { ...document, text };
        }
      }
    },
  };
}

function cannotHoldOut({ documents, passages }: TextSource, heldOut: number): GmlpError {
  const there = `the text has ${counted(documents, 'document')} of ${counted(passages, 'passage')} (about a page each)`;
  const fields = { heldOut, documents, passages };
  if (passages < 2) {
    return new GmlpError('invalid-data', `${there}, of which no part can be held out; give more text`, fields);
  }
  const inDocuments = documents > 1 ? `1 to ${formatNumber(documents - 1)} documents, or ` : '';
  const advice = `hold out ${inDocuments}a part of it between 0 and 1 with --set data.heldOut=0.1`;
  return new GmlpError('invalid-argument', `heldOut is ${heldOut}, but ${there}; ${advice}`, fields);
}

const counted = (count: number, name: string): string => `${formatNumber(count)} ${name}${count === 1 ? '' : 's'}`;
