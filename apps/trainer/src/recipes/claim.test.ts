import { expect, it } from 'vitest';
import { applySettings } from './apply-settings.ts';
import { builtInRecipes } from './built-in.ts';
import { claimOf } from './claim.ts';

const sotu = builtInRecipes.get('sotu')!;
const paper = builtInRecipes.get('c4-gmlp-base')!;

it('a claim belongs to the settings that it was made for', () => {
  for (const recipe of builtInRecipes.values()) expect(claimOf(recipe)).toBe(recipe.claim);
  const same = { ...sotu, name: 'again', device: 'tfjs-cpu' as const, checkpoints: { every: 7, keep: 1 } };
  expect(claimOf(same)).toBe(sotu.claim);
  expect(claimOf({ ...paper, data: { ...paper.data, path: 'elsewhere/en' } })).toBe(paper.claim);
  const mine = { ...sotu, data: { ...sotu.data, source: 'text' as const, path: 'mine' } };
  for (const changed of [mine, { ...sotu, steps: 600 }, { ...paper, steps: 600 }]) expect(claimOf(changed)).toBeUndefined();
  expect(claimOf({ ...mine, claim: 'perplexity 12' })).toBe('perplexity 12');
  expect(claimOf({ ...mine, claim: '' })).toBeUndefined();
});

it('--set takes away what the recipe claims no more', () => {
  const shorter = applySettings(sotu, ['steps=600']);
  expect({ claim: shorter.claim, command: shorter.command }).toEqual({ claim: '', command: '' });
  const part = applySettings(paper, ['steps=20000']);
  expect(part.paper).toBeUndefined();
  expect(applySettings(paper, ['data.path=mine']).paper).toEqual(paper.paper);
  expect(applySettings(sotu, ['name=again']).claim).toBe(sotu.claim);
  expect(applySettings(sotu, ['steps=600', 'claim=mine']).claim).toBe('mine');
});
