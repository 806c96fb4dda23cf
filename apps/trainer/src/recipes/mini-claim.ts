import type { MiniRun } from './mini-run.ts';
import { miniRuns } from './mini-runs.ts';

/** What a run of the recipe gave, from the stored run itself. */
export function miniClaim(name: string): string {
  const run: MiniRun | undefined = miniRuns.find((each) => each.recipe.name === name);
  if (run === undefined) return '';
  const { valPerplexity, unigramPerplexity, parameters } = run.end;
  return `${(parameters / 1e6).toFixed(2)} million parameters reach validation perplexity ${valPerplexity.toFixed(1)} on the State of the Union addresses at seed ${run.recipe.seed}, where a model that only knows word frequencies has ${unigramPerplexity.toFixed(0)}.`;
}
