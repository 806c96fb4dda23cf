/**
 * A model of the paper's width (few of its blocks), whose sums several threads share, is killed three times in a row and gone on with.
 */
import { join } from 'node:path';
import { differences, goOn, train, trainAlone, writeRecipe } from './train-command.mjs';

const kills = 3;

export async function paperWidth(folder) {
  const recipe = writeRecipe(join(folder, 'width.json'), {
    name: 'width',
    device: 'ort-cpu',
    model: { family: 'gmlp-language', tokens: 128, channels: 512, hiddenChannels: 3072, layers: 2 },
    data: { source: 'sotu', heldOut: 1, vocabulary: 2000 },
    optimiser: { peakRate: 0.001, warmupSteps: 5, clipNorm: 1 },
    steps: 24,
    batchSize: 16,
    recordEvery: 1,
    evaluation: { every: 12 },
    checkpoints: { every: 4, keep: 1 },
  });
  const alone = join(folder, 'alone');
  const seconds = await trainAlone(recipe, alone);
  const run = join(folder, 'killed');
  let said = '';
  for (let kill = 1; kill <= kills; kill++) {
    // The seconds count from its model on: preparing the text is no part of what is tried here.
    const killAfter = (Math.random() * seconds) / (kills + 1);
    const args = kill === 1 ? [recipe] : ['--resume'];
    const killed = await train([...args, '--out', run], { killAfter, countFrom: 'model: ' });
    said += killed.err;
    console.log(`kill ${kill}: ${killed.code === 0 ? 'it ended before' : `after ${killAfter.toFixed(1)} s`}`);
  }
  const resumed = await goOn(recipe, run);
  const different = resumed.code === 0 ? differences(run, alone) : ['it failed'];
  const from = /goes on after step (\d+)/.exec(resumed.err)?.[1] ?? 'the start';
  const end = different.length === 0 ? 'same bytes' : `DIFFERENT: ${different.join(', ')}\n${said}\n${resumed.err}`;
  console.log(`went on from ${from}: ${end}`);
  return different.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
