/** Where the `count` largest numbers are, the largest first, of equals the first first. */
export function indicesOfLargest(row: ArrayLike<number>, count: number): number[] {
  const chosen: number[] = [];
  for (let index = 0; index < row.length; index++) {
    const value = row[index]!;
    if (chosen.length === count && !(value > row[chosen[count - 1]!]!)) continue;
    let place = chosen.length;
    while (place > 0 && row[chosen[place - 1]!]! < value) place--;
    chosen.splice(place, 0, index);
    if (chosen.length > count) chosen.pop();
  }
  return chosen;
}
