import type { Graph } from './graph.ts';
import { addIntoProduct } from './passes/add-into-product.ts';
import { foldTransposes } from './passes/fold-transposes.ts';
import { removeCopies } from './passes/remove-copies.ts';
import { removeUnused } from './passes/remove-unused.ts';
import { splitColumns } from './passes/split-columns.ts';

/** The graph passes in their order. Each is one file, keeps the numbers, and stays only while the bench shows that it pays. */
const passes: readonly ((graph: Graph) => Graph)[] = [
  removeUnused,
  removeCopies,
  foldTransposes,
  addIntoProduct,
  splitColumns,
  removeUnused,
];

export function optimise(graph: Graph): Graph {
  return passes.reduce((current, pass) => pass(current), graph);
}
