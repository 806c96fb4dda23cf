import type { Graph } from './graph.ts';
import { addIntoProduct } from './passes/add-into-product.ts';
import { foldTransposes } from './passes/fold-transposes.ts';
import { removeUnused } from './passes/remove-unused.ts';
import { scatterOnto } from './passes/scatter-onto.ts';
import { splitColumns } from './passes/split-columns.ts';
import { anyProvider, type Target } from './target.ts';

export type Pass = (graph: Graph, target: Target) => Graph;

/** The graph passes in their order. Each is one file, keeps the numbers, and stays only while `pnpm bench passes` shows that it pays in time or memory. */
export const passes: readonly Pass[] = [foldTransposes, addIntoProduct, splitColumns, scatterOnto];

/** Applies the passes. What a function computed and did not use is dropped first, and what a pass left over last. */
export function optimise(graph: Graph, target: Target = anyProvider, chosen: readonly Pass[] = passes): Graph {
  return removeUnused(chosen.reduce((current, pass) => pass(current, target), removeUnused(graph)));
}
