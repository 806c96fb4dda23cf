/** For tests: the folder of a run as `gmlp train` leaves it, made in a moment. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import type { Recipe } from '../recipes/recipe.ts';
import { sotu } from '../recipes/sotu.ts';
import { writeRunFile } from '../run/run-file.ts';
import { type RunState, writeRunState } from '../run/run-state.ts';

export interface TinyRunFolder {
  readonly recipe?: Partial<Recipe>;
  readonly records?: number;
  readonly state?: RunState;
}

const tokens = 5;

export async function tinyRunFolder(folder: string, { recipe, records = 30, state }: TinyRunFolder = {}): Promise<void> {
  await mkdir(join(folder, 'filters'), { recursive: true });
  await writeRunFile(folder, { ...sotu, ...recipe }, 'ort-cpu');
  await writeRunState(folder, state ?? { state: 'finished', step: records, steps: records });
  await writeFile(join(folder, 'metrics.jsonl'), '');
  await appendSteps(folder, 1, records);
  for (const step of [10, 20, records]) {
    const weight = hostArray(
      'float32',
      [2 * tokens - 1],
      Float32Array.from({ length: 2 * tokens - 1 }, (_, i) => Math.sin(i * step)),
    );
    const dense = hostArray(
      'float32',
      [tokens, tokens],
      Float32Array.from({ length: tokens ** 2 }, (_, i) => Math.cos(i * step)),
    );
    const weights = new Map([
      ['blocks.0.gate.spatial.weight', weight],
      ['blocks.1.gate.spatial.weight', dense],
    ]);
    await writeFile(join(folder, 'filters', `step-${String(step).padStart(6, '0')}.safetensors`), encodeSafetensors(weights));
  }
}

export async function appendSteps(folder: string, from: number, to: number): Promise<void> {
  let lines = '';
  for (let step = from; step <= to; step++) {
    const loss = 8 - Math.log(step);
    const split = { data: 0.01, compute: 0.2, update: 0.05, save: 0.02 };
    const rest = {
      perplexity: Math.exp(loss),
      learningRate: 1e-3 / step,
      tokensPerSecond: 5000 + step,
      gflopsPerSecond: 100 + step,
      productShare: 0.75,
      seconds: step,
      timeLeft: 0,
      waitingShare: 0,
    };
    lines += `${JSON.stringify({ step, loss, ...rest, split })}\n`;
    if (step % 10 === 0) lines += `${JSON.stringify({ step, valLoss: loss + 0.1, valPerplexity: Math.exp(loss + 0.1) })}\n`;
  }
  await appendFile(join(folder, 'metrics.jsonl'), lines);
}
