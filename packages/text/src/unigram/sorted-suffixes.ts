/**
 * A suffix array of words: where each suffix of each word begins, in the order of the suffixes, of which only the first `depth` symbols
 * count. Suffixes that are equal so far stand beside one another. Multikey quicksort, https://doi.org/10.5555/314161.314321
 */

/** Symbols are from 1 to `alphabet`; 0 ends a word. Gives way to others at every `yield`. */
export function* sortedSuffixes(symbols: Int32Array, alphabet: number, depth: number): Generator<void, Int32Array> {
  const ends = new Int32Array(alphabet + 2); // of the suffixes that begin with each symbol
  for (const symbol of symbols) if (symbol > 0) ends[symbol + 1]!++;
  for (let symbol = 1; symbol < ends.length; symbol++) ends[symbol]! += ends[symbol - 1]!;
  const order = new Int32Array(ends[alphabet + 1]!);
  for (let at = 0; at < symbols.length; at++) if (symbols[at]! > 0) order[ends[symbols[at]!]!++] = at;
  for (let symbol = 1; symbol <= alphabet; symbol++) {
    sortRange(symbols, order, ends[symbol - 1]!, ends[symbol]!, depth);
    yield;
  }
  return order;
}

/** Sorts a part of the suffixes, whose first symbol is the same. */
function sortRange(symbols: Int32Array, order: Int32Array, first: number, last: number, depth: number): void {
  const waiting: number[] = [first, last, 1];
  while (waiting.length > 0) {
    const known = waiting.pop()!;
    const to = waiting.pop()!;
    const from = waiting.pop()!;
    if (to - from < 2) continue;
    if (to - from < 12) {
      insertionSort(symbols, order, from, to, known, depth);
      continue;
    }
    const pivot = middle(
      symbols[order[from]! + known]!,
      symbols[order[(from + to) >> 1]! + known]!,
      symbols[order[to - 1]! + known]!,
    );
    // Below the pivot, equal to it, not looked at yet, above it.
    let [below, at, above] = [from, from, to];
    while (at < above) {
      const here = order[at]!;
      const symbol = symbols[here + known]!;
      if (symbol === pivot) at++;
      else if (symbol < pivot) {
        order[at++] = order[below]!;
        order[below++] = here;
      } else {
        order[at] = order[--above]!;
        order[above] = here;
      }
    }
    waiting.push(from, below, known, above, to, known);
    if (pivot !== 0 && known + 1 < depth) waiting.push(below, above, known + 1);
  }
}

const middle = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function insertionSort(symbols: Int32Array, order: Int32Array, from: number, to: number, known: number, depth: number): void {
  for (let i = from + 1; i < to; i++) {
    const here = order[i]!;
    let hole = i;
    while (hole > from && isBefore(symbols, here, order[hole - 1]!, known, depth)) {
      order[hole] = order[hole - 1]!;
      hole--;
    }
    order[hole] = here;
  }
}

function isBefore(symbols: Int32Array, one: number, other: number, known: number, depth: number): boolean {
  for (let offset = known; offset < depth; offset++) {
    const difference = symbols[one + offset]! - symbols[other + offset]!;
    if (difference !== 0) return difference < 0;
    if (symbols[one + offset] === 0) return false;
  }
  return false;
}
