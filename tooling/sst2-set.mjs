/**
 * The runs of `pnpm sst2 --text <folder of books> --data <SST-2>`: a gMLP, an aMLP and a BERT learn English from the text, and each learns
 * to tell good reviews from bad ones five times from there, and five times from drawn weights.
 */
import { join } from 'node:path';
import { textNames } from '../apps/trainer/src/recipes/text-recipes.ts';
import { readLabelled } from '../packages/text/src/node/index.ts';
import { bagOfWords } from './bag-of-words.mjs';

const seeds = [0, 1, 2, 3, 4];

/** The sentences have 51 words at most. Rates are those that were best of three for the pretrained gMLP, at a seed that is not counted. */
const settings = ['model.body.tokens=64', 'optimiser.peakRate=1e-3'];

export function sst2Set({ data = 'SST-2', text = 'books' }, folder) {
  const set = (values) => values.flatMap((value) => ['--set', value]);
  const pretrained = textNames.map((name) => ({ folder: name, args: ['train', name, ...set([`data.path=${text}`])] }));
  const sentences = textNames.flatMap((name) =>
    [false, true].flatMap((untrained) =>
      seeds.map((seed) => ({
        folder: `sst2-${name}${untrained ? '-untrained' : ''}-${seed}`,
        args: [
          'finetune',
          'sst2',
          join(folder, name),
          '--data',
          data,
          ...(untrained ? ['--untrained'] : []),
          ...set([...settings, `seed=${seed}`]),
        ],
      })),
    ),
  );
  return {
    runs: [...pretrained, ...sentences],
    kept: ({ name, task, seed, steps }) =>
      task === 'masked-language'
        ? { of: 'text', recipe: name, seed, steps }
        : {
            of: 'sentences',
            recipe: name.replace(/^sst2-|-untrained$/g, ''),
            untrained: name.endsWith('-untrained'),
            seed,
            steps,
          },
    beside: async () => {
      const [train, dev] = await Promise.all(['train.tsv', 'dev.tsv'].map((name) => sentencesOf(join(data, name))));
      return { bagOfWords: bagOfWords(train, dev), sentences: { train: train.length, dev: dev.length } };
    },
    file: 'sst2-runs',
    type: 'Sst2Run',
  };
}

async function sentencesOf(path) {
  const sentences = [];
  for await (const { first, label } of readLabelled(path)) sentences.push({ text: first, class: Number(label) });
  return sentences;
}
