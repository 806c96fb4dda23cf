import { hostArray } from '@gmlp/base';
import { expect, it } from 'vitest';
import { expectClose } from './closeness.ts';
import { finiteDifferences } from './finite-differences.ts';

it('recovers a gradient that is known, and skips integer inputs', async () => {
  const x = hostArray('float32', [3], Float32Array.of(0.3, -1.2, 0.8));
  const ids = hostArray('int32', [1], Int32Array.of(5));
  const weights = hostArray('float32', [3], Float32Array.of(1, -2, 0.5));
  const sines = ([input]: readonly { data: ArrayLike<number> }[]) =>
    hostArray('float32', [3], Float32Array.from(input!.data, Math.sin));
  const gradients = await finiteDifferences(sines, [x, ids], weights);
  expect(gradients).toHaveLength(1);
  expectClose(
    gradients[0]!,
    hostArray('float32', [3], x.data.map((value, i) => Math.cos(value) * weights.data[i]!) as Float32Array),
    { tolerance: 1e-5 },
  );
});
