import * as ops from '@gmlp/ops';
import { expect, it } from 'vitest';
import { opCases } from './op-cases.ts';

/** What `@gmlp/ops` exports beside ops: states at the start, arithmetic on the host's arrays, and sizes. */
const noOps = [
  ...['adamwInit', 'adamwInPlace', 'addRows', 'lionInit', 'sgdInit'],
  ...['keepMask', 'keepMaskDraws', 'keepMaskRounds', 'keepMaskWords', 'oneHotColumns'],
];

it('has a case of every op', () => {
  const tested = new Set(Object.keys(opCases).map((name) => /^\w+/.exec(name)![0]));
  expect(Object.keys(ops).filter((name) => !noOps.includes(name) && !tested.has(name))).toEqual([]);
});
