import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { defineAsyncComponent } from 'vue';
import './style.css';

/** Loaded by the pages that run models, and by no other. */
const TrainPage = defineAsyncComponent(async () => (await import('../../playground/page/train-page.ts')).TrainPage);

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('TrainPage', TrainPage);
  },
};

export default theme;
