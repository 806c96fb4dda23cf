/** `bench memory`: whether a long run keeps its memory. Many steps of the step benchmark's model on `ort-cpu`. */
import { openDevice } from '@gmlp/devices/node';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchSize } from './bench-size.ts';
import { openGmlp } from './gmlp-side.ts';
import { readTask, removeTask, writeTask } from './task-folder.ts';

export interface MemoryRecord {
  readonly step: number;
  /** Resident memory of the process, megabytes (10^6 bytes). */
  readonly residentMb: number;
  readonly tensors: number;
}

export async function measureMemory(size: BenchSize, log: (line: string) => void): Promise<MemoryRecord[]> {
  const { task, memorySteps: steps, memoryEvery: every } = size;
  const folder = await writeTask(task, 1);
  try {
    const side = await openGmlp(await openDevice('ort-cpu'), await readTask(folder));
    const records: MemoryRecord[] = [];
    for (let step = 1; step <= steps; step++) {
      await side.step!();
      if (step % every !== 0) continue;
      log(`step ${step} of ${steps}`);
      const residentMb = Math.round(process.memoryUsage.rss() / 1e6);
      records.push({ step, residentMb, tensors: tf.engine().state.numTensors });
    }
    await side.close?.();
    return records;
  } finally {
    await removeTask(folder);
  }
}

export function memoryTable(records: readonly MemoryRecord[]): string {
  const line = (...cells: (string | number)[]) => cells.map((cell) => String(cell).padStart(12)).join('');
  return [line('step', 'resident MB', 'tensors'), ...records.map((r) => line(r.step, r.residentMb, r.tensors))].join('\n');
}
