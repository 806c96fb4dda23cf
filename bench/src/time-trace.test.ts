import { expect, it } from 'vitest';
import { smallestSize } from './bench-size.ts';
import { drawTask, loadTask } from './task.ts';
import { timeTrace } from './time-trace.ts';

it('times what comes before the first run, and leaves the run out', async () => {
  const { task, values } = drawTask(smallestSize.task, 1);
  const joined = new Float32Array(values.flatMap((array) => [...array]));
  expect(await timeTrace(loadTask(task, joined))).toBeGreaterThan(0);
});
