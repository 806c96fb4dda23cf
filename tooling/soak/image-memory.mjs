/**
 * 5,000 pictures are prepared for training, by the threads alone and with batches made ahead: once warm, the memory of the process
 * stays about where it is, and what the threads need is little.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../run-built.mjs';

/** The most memory over all pictures, as a part of the most over the first fifth of them. */
const mostGrowth = 1.25;
const mostOfWorkersMb = 400;

export async function imageMemory() {
  const main = join(root, 'bench/dist/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'images', '--json', '--rounds', '1']);
  const { memory } = JSON.parse(stdout);
  const total = { passed: 0, failed: 0 };
  for (const [way, { pictures, beforeMb, peakOfFirstFifthMb, peakMb }] of Object.entries(memory)) {
    const growth = peakMb / peakOfFirstFifthMb;
    const good = growth <= mostGrowth && (way !== 'workers' || peakMb < mostOfWorkersMb);
    const peaks = `${peakOfFirstFifthMb} MB over the first fifth of ${pictures} pictures, ${peakMb} MB over all`;
    console.log(`${way}: ${beforeMb} MB before, ${peaks}${good ? '' : ': TOO MUCH'}`);
    if (good) total.passed++;
    else total.failed++;
  }
  return total;
}
