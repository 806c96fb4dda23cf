/** Every bench by name: what it measures, and what it cannot do without. */
import { chromium, skippedWithoutChromium, skippedWithoutVulkan } from '@gmlp/testing';
import { swiftshader } from '../../tooling/swiftshader.ts';
import type { BenchSize } from './bench-size.ts';
import { measureBrowser, threads } from './browser.ts';
import { browserFigures, browserTable } from './browser-report.ts';
import { dispatchTable, measureDispatches } from './dispatches.ts';
import { fileTable, measureFiles } from './files.ts';
import { imageTable, measureImages } from './images.ts';
import { measuredOn } from './measured-on.ts';
import { measureMemory, memoryTable } from './memory.ts';
import { measurePasses, passTable } from './passes.ts';
import { measureStep } from './step.ts';
import { stepFigures, stepTable } from './step-report.ts';
import { describeTask } from './task.ts';
import { measureText, textTable } from './text.ts';
import { measureTokenizerTraining, tokenizerTrainingTable } from './tokenizer-training.ts';

export interface BenchOptions {
  readonly size: BenchSize;
  readonly rounds: number;
  /** That ran it: figures are read with it. */
  readonly command: string;
  readonly log: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  /** Why it cannot run here; undefined where it can. */
  missing(): string | undefined;
  measure(options: BenchOptions): Promise<{ readonly figures: unknown; readonly table: string }>;
}

const nothing = (): undefined => undefined;

export const benches: readonly Bench[] = [
  {
    name: 'step',
    missing: nothing,
    async measure({ size, rounds, command, log }) {
      const python = process.env['GMLP_PYTHON'] || undefined;
      if (!python) log('GMLP_PYTHON is not set: PyTorch is left out');
      const figures = stepFigures(await measureStep({ size, rounds, python, log }));
      return { figures: { ...measuredOn(command, python), ...figures }, table: stepTable(figures) };
    },
  },
  {
    name: 'passes',
    missing: nothing,
    async measure({ size, rounds, log }) {
      const figures = await measurePasses(size, rounds, log);
      return { figures, table: passTable(figures) };
    },
  },
  {
    name: 'memory',
    missing: nothing,
    async measure({ size, log }) {
      const figures = await measureMemory(size, log);
      return { figures, table: memoryTable(figures) };
    },
  },
  {
    name: 'files',
    missing: nothing,
    async measure({ size, log }) {
      const figures = await measureFiles(size.files, log);
      return { figures, table: fileTable(figures) };
    },
  },
  {
    name: 'images',
    missing: nothing,
    async measure({ size, rounds, command, log }) {
      const figures = await measureImages(size, rounds, log);
      return { figures: { ...measuredOn(command, undefined), ...figures }, table: imageTable(figures) };
    },
  },
  {
    name: 'text',
    missing: nothing,
    async measure({ size, rounds, command, log }) {
      const figures = await measureText(size, rounds, log);
      return { figures: { ...measuredOn(command, undefined), ...figures }, table: textTable(figures) };
    },
  },
  {
    name: 'tokenizer-training',
    missing: nothing,
    async measure({ size, rounds, command, log }) {
      const python = process.env['GMLP_PYTHON'] || undefined;
      if (!python) log('GMLP_PYTHON is not set: tokenizers and sentencepiece are left out');
      const figures = await measureTokenizerTraining(size, rounds, python, log);
      return { figures: { ...measuredOn(command, undefined), ...figures }, table: tokenizerTrainingTable(figures) };
    },
  },
  {
    name: 'dispatches',
    missing() {
      Object.assign(process.env, swiftshader()); // they are counted, so a GPU that is played by software will do
      return process.env['VK_DRIVER_FILES'] ? undefined : skippedWithoutVulkan;
    },
    async measure({ size, command, log }) {
      const figures = await measureDispatches(size.dispatchBlocks, log);
      return { figures: { command, ...figures }, table: dispatchTable(figures) };
    },
  },
  {
    name: 'browser',
    missing: () => (chromium ? undefined : skippedWithoutChromium),
    async measure({ size, rounds, command, log }) {
      const { times, product, chromium } = await measureBrowser(size, rounds, log);
      const { machine } = measuredOn(command, undefined);
      const figures = browserFigures(describeTask(size.task), times, product, threads);
      return { figures: { command, machine: { ...machine, chromium }, ...figures }, table: browserTable(figures) };
    },
  },
];
