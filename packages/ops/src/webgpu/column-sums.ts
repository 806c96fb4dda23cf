/**
 * WGSL for sums down the columns of [rows, columns]: a workgroup of 16 x 16 takes 16 columns, each of its 16 lanes every
 * sixteenth row; neighbouring invocations read neighbouring numbers.
 */
export const tile = 16;

export const columnSum: string = `
var<workgroup> column_values: array<f32, ${tile * tile}>;
fn column_sum(value: f32, column: i32, lane: i32) -> f32 {
  workgroupBarrier();
  column_values[lane * ${tile} + column] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0; i < ${tile}; i++) { sum += column_values[i * ${tile} + column]; }
  return sum;
}
`;
