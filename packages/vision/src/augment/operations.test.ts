import { expect, test } from 'vitest';
import { goldenCases, goldenFill } from '../node/golden-pictures.ts';
import { type OperationName, operations } from './operations.ts';

const cases = goldenCases.filter(({ kind }) => kind === 'operation');

test('every operation has a golden picture', () => {
  expect(new Set(cases.map(({ name }) => name))).toEqual(new Set(Object.keys(operations)));
});

test.each(cases)('$name at level $level, $sign, $interpolation is what timm and Pillow make, to the bit', (golden) => {
  const { name, input, level, sign, interpolation, output } = golden;
  const drawn = { sign: sign!, interpolation: interpolation!, fill: goldenFill };
  expect(operations[name as OperationName](input, level!, drawn)).toEqual(output);
});
