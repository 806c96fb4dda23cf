/**
 * The mask of dropout inside a graph. The host computes a word a row and a word a column from the key at each call; the graph
 * hashes their sums in unsigned 32-bit arithmetic, as `keepMask` of @gmlp/ops does: the same bits.
 */
import { keepMaskRounds } from '@gmlp/ops';
import type { KernelRules } from '../kernel-rule.ts';

export const keepMask: KernelRules = {
  GmlpKeepMask: {
    infer: (_, { shape }) => [{ shape: shape as number[], dtype: 'float32' }],
    lower: (l) => {
      const one = l.constant('uint32', [], [1]);
      const threshold = Math.min(Math.round(Number(l.attrs['keepProbability']) * 2 ** 32), 2 ** 32 - 1);
      let hash = l.add('Add', [l.input('rows'), l.input('columns')]);
      for (let round = 0; round < keepMaskRounds; round++) {
        hash = l.add('Mul', [hash, l.add('Add', [l.add('Add', [hash, hash]), one])]);
      }
      const keep = l.add('Cast', [l.add('Less', [hash, l.constant('uint32', [], [threshold])])], { to: 1 });
      const { shape } = l.outputValues[0]!;
      l.emit('Reshape', [keep, l.constant('int64', [shape.length], shape)], [l.output()]);
    },
  },
};
