/** SHA-256 as 64 hexadecimal digits: how a packed file says which text and which tokenizer it was made of. */
import { createHash } from 'node:crypto';

export const fingerprintOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Of a text, document by document: it depends on what they say and on their order, not on how they lie in files. */
export function textFingerprint(): { add(text: string): void; digest(): string } {
  const hash = createHash('sha256');
  return {
    add(text) {
      hash.update(`${text.length}:`).update(text);
    },
    digest: () => hash.digest('hex'),
  };
}
