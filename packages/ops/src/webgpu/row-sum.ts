/** WGSL that adds up, or takes the largest of, one number of each of 64 invocations: every one gets the result. */

/** Invocations that share a row. */
export const lanes = 64;

function reduction(name: string, combined: string): string {
  return `
fn ${name}(value: f32, lane: i32) -> f32 {
  workgroupBarrier();
  shared_values[lane] = value;
  for (var half = ${lanes / 2}; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      let a = shared_values[lane];
      let b = shared_values[lane + half];
      shared_values[lane] = ${combined};
    }
  }
  workgroupBarrier();
  return shared_values[0];
}
`;
}

export const rowSum: string = `var<workgroup> shared_values: array<f32, ${lanes}>;\n${reduction('row_sum', 'a + b')}`;

export const rowSumAndMaximum: string = `${rowSum}${reduction('row_maximum', 'max(a, b)')}`;
