/** Which pieces a text has at a place, in one walk over it. */
export interface PrefixTrie {
  /** The end and the value of each piece that starts at `from`, the shortest first. */
  visit(text: string, from: number, each: (end: number, value: number) => void): void;
}

const units = 0x10000;

export function prefixTrie(pieces: Iterable<readonly [string, number]>): PrefixTrie {
  const children = new Map<number, number>(); // by node * units + code unit
  const values: (number | undefined)[] = [undefined];
  for (const [piece, value] of pieces) {
    if (piece === '') continue;
    let node = 0;
    for (let i = 0; i < piece.length; i++) {
      const key = node * units + piece.charCodeAt(i);
      let next = children.get(key);
      if (next === undefined) {
        next = values.length;
        values.push(undefined);
        children.set(key, next);
      }
      node = next;
    }
    values[node] = value;
  }
  return {
    visit(text, from, each) {
      let node: number | undefined = 0;
      for (let i = from; i < text.length; i++) {
        node = children.get(node * units + text.charCodeAt(i));
        if (node === undefined) return;
        const value = values[node];
        if (value !== undefined) each(i + 1, value);
      }
    },
  };
}
