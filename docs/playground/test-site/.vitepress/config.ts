import { defineConfig } from 'vitepress';
import { icon, vite } from '../../../.vitepress/vite.ts';

/** The pages that run models, and no others: what their tests build, in seconds. */
export default defineConfig({
  vite,
  srcDir: '../..',
  srcExclude: ['!(playground|classify).md', '*/**'],
  title: 'gmlp',
  head: [icon],
  ignoreDeadLinks: true,
  themeConfig: {
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'Train a model in this page', link: '/playground' },
          { text: 'Classify an image', link: '/classify' },
        ],
      },
    ],
  },
});
