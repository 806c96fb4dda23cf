/** The ids of the `count` largest numbers, the largest first, of equals the first first. */
export function likeliest(row: ArrayLike<number>, count: number): number[] {
  const chosen: number[] = [];
  for (let id = 0; id < row.length; id++) {
    const value = row[id]!;
    if (chosen.length === count && !(value > row[chosen[count - 1]!]!)) continue;
    let place = chosen.length;
    while (place > 0 && row[chosen[place - 1]!]! < value) place--;
    chosen.splice(place, 0, id);
    if (chosen.length > count) chosen.pop();
  }
  return chosen;
}
