/** ψ(x), the derivative of ln Γ(x), for x > 0: its recurrence up to 7, and from there its asymptotic series. https://dlmf.nist.gov/5.11 */
export function digamma(x: number): number {
  let result = 0;
  let at = x;
  for (; at < 7; at++) result -= 1 / at;
  const centre = at - 0.5;
  const square = 1 / (centre * centre);
  const series = square * (1 / 24 - square * (7 / 960 - square * (31 / 8064 - square * (127 / 30720))));
  return result + Math.log(centre) + series;
}
