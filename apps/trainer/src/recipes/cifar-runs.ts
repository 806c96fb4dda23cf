/** Written by `pnpm cifar` from runs of its recipes: change nothing by hand. */
import type { CifarRun } from './cifar-run.ts';

export const cifarRuns: readonly CifarRun[] = [
  {
    recipe: 'cifar10-gmlp',
    settings: 'd5ee9e3b5579fe13cce865d799d1149725c069b602db8be84edfc08b44f6eaf2',
    seed: 0,
    steps: 14000,
    flops: 318564270080000,
    device: 'ort-cpu',
    machine: {
      cpu: 'AMD EPYC',
      cores: 2,
      node: 'v20.20.2',
    },
    firstLosses: [
      [10, 2.302250599861145],
      [20, 2.300438642501831],
      [30, 2.293267846107483],
    ],
    gflopsPerSecond: 92.49160519620699,
    productShare: 0.2728757859642822,
    end: {
      valTop1: 0.806,
      valTop5: 0.985,
      valLoss: 0.6241021947860718,
      commonestTop1: 0.0896,
      parameters: 838794,
      seconds: 3851.468124141,
      peakBytes: 839876608,
    },
  },
  {
    recipe: 'cifar10-gmlp',
    settings: 'd5ee9e3b5579fe13cce865d799d1149725c069b602db8be84edfc08b44f6eaf2',
    seed: 0,
    steps: 1400,
    flops: 31856427008000,
    device: 'ort-cpu',
    machine: {
      cpu: 'AMD EPYC',
      cores: 2,
      node: 'v20.20.2',
    },
    firstLosses: [
      [10, 2.300709939002991],
      [20, 2.2855536222457884],
      [30, 2.2245874881744383],
    ],
    gflopsPerSecond: 88.22203392775074,
    productShare: 0.32554733002436675,
    end: {
      valTop1: 0.6156,
      valTop5: 0.9602,
      valLoss: 1.1020580562591553,
      commonestTop1: 0.0896,
      parameters: 838794,
      seconds: 377.14478643200005,
      peakBytes: 792694784,
    },
  },
];
