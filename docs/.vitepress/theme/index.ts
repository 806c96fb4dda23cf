import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { defineAsyncComponent } from 'vue';
import './style.css';

/** Loaded by the pages that run models, and by no other. */
const TrainPage = defineAsyncComponent(async () => (await import('../../playground/page/train-page.ts')).TrainPage);

const ClassifyPage = defineAsyncComponent(async () => (await import('../../playground/classify/classify-page.ts')).ClassifyPage);

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('TrainPage', TrainPage);
    app.component('ClassifyPage', ClassifyPage);
  },
};

export default theme;
