import { sst2Runs } from './sst2-runs.ts';

/** What a run of the recipe gave, from the stored run itself. */
export function textClaim(name: string, called: string): string {
  const model = `${called} of 1.68 million parameters learns English from a folder of text in half an hour on two cores`;
  const run = sst2Runs.find((each) => each.of === 'text' && each.recipe === name);
  if (run?.of !== 'text') return `${model}; not trained to the end yet.`;
  const { valPerplexity, seconds, unigramPerplexity } = run.end;
  return `${model}: validation perplexity ${valPerplexity.toFixed(1)} on 97 old books at seed ${run.seed} in ${Math.round(seconds / 60)} minutes, where a model that only knows word frequencies has ${unigramPerplexity.toFixed(0)}.`;
}
