/** Pieces with their places, as they come. */
import type { EncodedText } from '../tokenizer.ts';
import { growingIds } from './growing-ids.ts';

export interface GrowingPieces {
  push(id: number, start: number, end: number): void;
  all(): EncodedText;
}

export function growingPieces(): GrowingPieces {
  const [ids, starts, ends] = [growingIds(), growingIds(), growingIds()];
  return {
    push(id, start, end) {
      ids.push(id);
      starts.push(start);
      ends.push(end);
    },
    all: () => ({ ids: ids.all(), starts: starts.all(), ends: ends.all() }),
  };
}
