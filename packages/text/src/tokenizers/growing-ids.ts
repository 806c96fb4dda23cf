/** Ids as they come, in an array that doubles. */
export interface GrowingIds {
  push(id: number): void;
  append(ids: Int32Array): void;
  all(): Int32Array;
}

export function growingIds(): GrowingIds {
  let array = new Int32Array(64);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= array.length) return;
    const larger = new Int32Array(Math.max(2 * array.length, length + more));
    larger.set(array);
    array = larger;
  };
  return {
    push(id) {
      reserve(1);
      array[length++] = id;
    },
    append(ids) {
      reserve(ids.length);
      for (let i = 0; i < ids.length; i++) array[length++] = ids[i]!;
    },
    all: () => array.slice(0, length),
  };
}
