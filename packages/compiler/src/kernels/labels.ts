/** Labels of a loss, and rows that do not count: our own kernels (see @gmlp/ops), an ONNX node or two each. */
import type { KernelRules } from '../kernel-rule.ts';

export const labels: KernelRules = {
  GmlpCountedLabels: {
    infer: ({ labels }) => [labels!, { shape: labels!.shape, dtype: 'bool' }],
    lower: (l) => {
      const given = l.input('labels');
      const ignored = l.add('Equal', [given, l.constant('int32', [], [Number(l.attrs['ignoredLabel'])])]);
      l.emit('Where', [ignored, l.constant('int32', [], [0]), given], [l.output(0)]);
      l.emit('Not', [ignored], [l.output(1)]);
    },
  },
  GmlpKeepRows: {
    infer: ({ x }) => [x!],
    lower: (l) => {
      const rows = l.value('keep').shape[0]!;
      const keep = l.add('Reshape', [l.input('keep'), l.constant('int64', [2], [rows, 1])]);
      l.emit('Where', [keep, l.input('x'), l.constant('float32', [], [0])], [l.output()]);
    },
  },
};
