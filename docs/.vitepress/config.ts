import { defineConfig } from 'vitepress';
import { sidebar } from './sidebar.ts';
import { icon, vite } from './vite.ts';

export default defineConfig({
  vite,
  title: 'gmlp',
  description: 'gMLP in TypeScript: build, pretrain and inspect the models of "Pay Attention to MLPs" in Node.',
  lang: 'en',
  cleanUrls: false, // a plain file server finds every page
  lastUpdated: false, // the same sources give the same site
  srcExclude: ['measurements/**'],
  // The fonts of the reader's system: nothing is fetched, from here or elsewhere.
  head: [icon],
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
    sidebar: sidebar(),
  },
});
