import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { entries } from '../scripts/entries.mjs';
import { vite } from './vite.ts';

/** A page's entry in the menu: its own first heading is its name. */
function page(path: string): { text: string; link: string } {
  const title = /^# (.+)$/m.exec(readFileSync(new URL(`../${path}.md`, import.meta.url), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`docs/${path}.md has no heading`);
  return { text: title.replaceAll('`', ''), link: `/${path}` };
}

export default defineConfig({
  vite,
  title: 'gmlp',
  description: 'gMLP in TypeScript: build, pretrain and inspect the models of "Pay Attention to MLPs" in Node.',
  lang: 'en',
  cleanUrls: false, // a plain file server finds every page
  lastUpdated: false, // the same sources give the same site
  srcExclude: ['measurements/**'],
  // The fonts of the reader's system: nothing is fetched, from here or elsewhere.
  head: [['link', { rel: 'icon', href: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>' }]],
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Start', link: '/start' },
      {
        text: 'In the browser',
        items: [
          { text: 'Train a model', link: '/playground' },
          { text: 'Classify an image', link: '/classify' },
        ],
      },
      { text: 'API', link: '/api/' },
      { text: 'Performance', link: '/performance' },
    ],
    sidebar: [
      { text: 'Begin', items: [page('start'), page('why'), page('playground'), page('classify')] },
      {
        text: 'Concepts',
        items: ['model-is-a-function', 'spec-and-apply', 'eager-and-compiled', 'keys', 'devices'].map((name) =>
          page(`concepts/${name}`),
        ),
      },
      {
        text: 'How to',
        items: [
          'train-on-your-text',
          'resume-a-run',
          'read-a-report',
          'look-inside-a-model',
          'generate-text',
          'one-package-alone',
          'load-and-save-weights',
          'add-a-layer',
          'add-an-op',
          'add-a-device',
        ].map((name) => page(`how-to/${name}`)),
      },
      { text: 'The house', items: [page('architecture'), page('performance'), page('support')] },
      {
        text: 'API reference',
        collapsed: true,
        items: [
          { text: 'All packages', link: '/api/' },
          ...entries().map(({ name, page: link }) => ({ text: name, link: `/${link}` })),
        ],
      },
    ],
  },
});
