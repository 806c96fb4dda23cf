/** A small run is killed at a random moment and gone on with, over and over. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { differences, goOn, train, trainAlone, writeRecipe, writeText } from './train-command.mjs';

export async function killedAtRandomMoments(folder, rounds) {
  const recipe = writeRecipe(join(folder, 'soak.json'), {
    name: 'soak',
    model: { family: 'gmlp-language', tokens: 32, channels: 32, hiddenChannels: 64, layers: 2, survivalProbability: 0.9 },
    data: { source: 'text', path: writeText(join(folder, 'text'), 12), heldOut: 2, vocabulary: 320 },
    optimiser: { peakRate: 0.01, warmupSteps: 10, clipNorm: 1, ema: 0.95 },
    steps: 300,
    batchSize: 4,
    accumulate: 2,
    recordEvery: 10,
    evaluation: { every: 25 },
    checkpoints: { every: 10, keep: 2 },
  });
  const alone = join(folder, 'alone');
  const seconds = await trainAlone(recipe, alone);
  let passed = 0;
  for (let round = 1; round <= rounds; round++) {
    const run = join(folder, `round-${round}`);
    const moment = Math.random() * seconds;
    const killed = await train([recipe, '--out', run], { killAfter: moment });
    const resumed = await goOn(recipe, run);
    const different = resumed.code === 0 ? differences(run, alone) : ['it failed'];
    const how = killed.code === 0 ? 'ended before it was killed' : `killed after ${moment.toFixed(2)} s`;
    const from = /goes on after step (\d+)/.exec(resumed.err)?.[1] ?? 'the start';
    const end = different.length === 0 ? 'same bytes' : `DIFFERENT: ${different.join(', ')}\n${killed.err}\n${resumed.err}`;
    console.log(`round ${round}: ${how}, went on from ${from}: ${end}`);
    if (different.length > 0) continue;
    passed++;
    rmSync(run, { recursive: true });
  }
  return { passed, failed: rounds - passed };
}
