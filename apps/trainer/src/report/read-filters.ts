/** The spatial weights that a run wrote at its evaluations: from the first to the last, a few of them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostArray, plainMessage } from '@gmlp/base';
import { decodeSafetensors } from '@gmlp/checkpoint';
import { type SpatialFilter, spatialFilter, spatialForm } from '@gmlp/layers';

export interface FiltersAtStep {
  readonly step: number;
  /** One a block, the first block first. */
  readonly blocks: readonly SpatialFilter[];
}

export interface RunFilters {
  readonly steps: readonly FiltersAtStep[];
  /** Files that could not be read, with the reason. */
  readonly refused: readonly string[];
}

/** At most so many steps of them. */
export async function readFilters(folder: string, most: number, { causal }: { readonly causal: boolean }): Promise<RunFilters> {
  const files = (await readdir(folder).catch((): string[] => []))
    .flatMap((name) => {
      const step = /^step-(\d{6,15})\.safetensors$/.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .sort((a, b) => a.step - b.step);
  const steps: FiltersAtStep[] = [];
  const refused: string[] = [];
  for (const { name, step } of withEnds(files, most)) {
    const path = join(folder, name);
    try {
      steps.push({ step, blocks: blocksOf(decodeSafetensors(await readFile(path), path).tensors, causal) });
    } catch (error) {
      refused.push(plainMessage(error));
    }
  }
  return { steps, refused };
}

/** How the blocks mix the tokens, whichever family they belong to. */
function blocksOf(tensors: ReadonlyMap<string, HostArray>, causal: boolean): SpatialFilter[] {
  const found = [...tensors].flatMap(([name, weight]) => {
    const of = spatialForm(name, weight.shape);
    return of === undefined ? [] : [{ block: of.block, filter: spatialFilter(weight, of.form, { causal }) }];
  });
  return found.sort((a, b) => a.block - b.block).map(({ filter }) => filter);
}

/** At most `most` of the items, the first and the last among them. */
function withEnds<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}
