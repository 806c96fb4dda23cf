/** A tiny run is killed before each of its file operations in turn, from the first to the last, and gone on with. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { differences, goOn, train, trainAlone, writeRecipe, writeText } from './train-command.mjs';

const shim = new URL('../file-operations.mjs', import.meta.url).href;

export async function killedAtEachOperation(folder) {
  const recipe = writeRecipe(join(folder, 'tiny.json'), {
    name: 'tiny',
    device: 'ort-cpu',
    model: { family: 'gmlp-language', tokens: 16, channels: 8, hiddenChannels: 16, layers: 1 },
    data: { source: 'text', path: writeText(join(folder, 'text'), 4), heldOut: 1, vocabulary: 300 },
    optimiser: { peakRate: 0.01 },
    steps: 3,
    batchSize: 2,
    recordEvery: 1,
    evaluation: { every: 2 },
    checkpoints: { every: 1, keep: 1 },
  });
  const alone = join(folder, 'alone');
  await trainAlone(recipe, alone);
  let [next, passed, failed, ended] = [1, 0, 0, false];
  const killAndGoOn = async () => {
    while (!ended) {
      const number = next++;
      const run = join(folder, `operation-${number}`);
      const env = { GMLP_OPERATIONS_IN: run, GMLP_KILLED_AT: String(number) };
      const killed = await train([recipe, '--out', run], { node: ['--import', shim], env });
      if (killed.code === 0) {
        ended = true; // it has no such operation
        return;
      }
      const resumed = await goOn(recipe, run);
      const different = resumed.code === 0 ? differences(run, alone) : ['it failed'];
      if (different.length === 0) {
        passed++;
        rmSync(run, { recursive: true });
        continue;
      }
      failed++;
      const where = /killed before .*/.exec(killed.err)?.[0] ?? 'not killed';
      console.log(`operation ${number}, ${where}: DIFFERENT: ${different.join(', ')}\n${killed.err}\n${resumed.err}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, killAndGoOn));
  console.log(`killed before each of ${passed + failed} operations`);
  return { passed, failed };
}
