/** The menu beside every page. Each page of the site stands in it: one that nobody listed is an error. */
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { entries } from '../scripts/entries.mjs';

const docs = new URL('../', import.meta.url);

const concepts = ['model-is-a-function', 'spec-and-apply', 'eager-and-compiled', 'keys', 'devices'];

const howTo = [
  'train-on-your-text',
  'pack-a-large-text',
  'train-on-images',
  'fine-tune-on-texts',
  'answer-questions',
  'train-an-amlp-or-a-causal-model',
  'resume-a-run',
  'read-a-report',
  'look-inside-a-model',
  'generate-text',
  'translate-with-a-transformer',
  'one-package-alone',
  'read-images',
  'use-a-published-tokenizer',
  'load-and-save-weights',
  'add-a-layer',
  'add-an-op',
  'add-a-device',
];

const groups: readonly { readonly text: string; readonly pages: readonly string[] }[] = [
  { text: 'Begin', pages: ['start', 'why', 'playground', 'classify'] },
  { text: 'Concepts', pages: concepts.map((name) => `concepts/${name}`) },
  { text: 'How to', pages: howTo.map((name) => `how-to/${name}`) },
  { text: 'Reference', pages: ['reference/commands', 'reference/recipe', 'reference/mini', 'reference/cifar', 'reference/sst2'] },
  { text: 'The house', pages: ['architecture', 'performance', 'support'] },
];

export function sidebar(): DefaultTheme.SidebarItem[] {
  const listed = groups.flatMap(({ pages }) => pages);
  const missing = pagesOfTheSite().filter((page) => !listed.includes(page));
  if (missing.length > 0) throw new Error(`the sidebar lacks ${missing.join(', ')}: add them in docs/.vitepress/sidebar.ts`);
  return [
    ...groups.map(({ text, pages }) => ({ text, items: pages.map(entry) })),
    {
      text: 'API reference',
      collapsed: true,
      items: [{ text: 'All packages', link: '/api/' }, ...entries().map(({ name, page }) => ({ text: name, link: `/${page}` }))],
    },
  ];
}

/** All but the first page, which is no chapter, and the API reference, which has its own table. */
function pagesOfTheSite(): string[] {
  return readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.md') && name !== 'index.md' && !/(^|\/)(api|node_modules|\.vitepress)\//.test(name))
    .map((name) => name.replace(/\.md$/, ''));
}

/** A page's own first heading is its name. */
function entry(path: string): DefaultTheme.SidebarItem {
  const title = /^# (.+)$/m.exec(readFileSync(new URL(`${path}.md`, docs), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`docs/${path}.md has no heading`);
  return { text: title.replaceAll('`', ''), link: `/${path}` };
}
