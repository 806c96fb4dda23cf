/**
 * How the shell lines of the documents are run: which are not, and why; what a reader has done before a line; and what makes a
 * training of minutes one of moments. All that the check adds to what stands in a document is here.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { root } from './run-built.mjs';

/** Lines that are only read, with the reason. A pattern that fits no line any more fails the check. */
export const notRun = [
  [/^npx --yes \S+ test\b/, 'all tests: .ci/run runs this line'],
  [/\bpnpm test:source\b/, 'tests: .ci/run runs all of them'],
  [/\bpnpm soak\b/, 'many minutes: .ci/run runs two parts of it'],
  [/\bpnpm (-s )?bench\b/, 'minutes of measuring: .ci/run runs every bench at its smallest size'],
  [/\bnpm install\b/, 'installs from a registry: test:packed installs every package alone'],
  [/\bpnpm pack:all\b/, 'half a minute of packing: test:packed packs every package'],
  [/ --budget 30m\b/, 'half an hour: budget.test.ts trains by one of moments'],
  [/cifar10-train\.tar/, 'an hour, on an archive that is not here: pnpm cifar trains it'],
  [/^tensorboard\b/, 'a program that is not ours'],
];

const smallModel = {
  'model.layers': 1,
  'model.tokens': 32,
  'model.channels': 16,
  'model.hiddenChannels': 32,
  'data.vocabulary': 400,
};
const fewSteps = { steps: 4, batchSize: 2, 'optimiser.warmupSteps': 1 };
const allRecipes = { ...fewSteps, ...smallModel };

/**
 * Settings that are put before those of a line which begins a run, so that the line's own hold: by the name of the recipe, and for
 * files of recipes. The addresses are packed by the quickstart; here a text of a few pages takes their place.
 */
export const smallerRun = {
  sotu: { ...allRecipes, 'data.source': 'text', 'data.path': 'my-text', 'data.heldOut': 1 },
  'c4-amlp-base': { ...allRecipes, 'data.heldOut': 2, accumulate: 1, 'model.attentionChannels': 8 },
  '--from': { ...fewSteps, accumulate: 1 },
  'my-images.mjs': { ...fewSteps, 'model.layers': 1, 'model.channels': 16, 'model.hiddenChannels': 32 },
  file: allRecipes,
};

/** The steps of a run that a line trains longer, instead of the line's own: more than those above. */
export const longerRun = 8;

/** The same for commands that take no settings: options behind those of the line. */
export const smallerCommand = { quickstart: ['--steps', '2'] };

/** What a reader of a document has from before: lines run in front of its first. */
export const before = {
  'docs/how-to/look-inside-a-model.md': [
    'gmlp train sotu --out runs/mine',
    'mv runs/mine/checkpoints/step-000004 runs/mine/checkpoints/step-001000',
    'gmlp train sotu --set model.attentionChannels=8 --out runs/amlp',
  ],
  'docs/how-to/pack-a-large-text.md': ['gmlp train sotu --out runs/mine'],
  'docs/how-to/read-a-report.md': ['gmlp train sotu --out runs/mine', 'gmlp train sotu --set seed=1 --out runs/other'],
  // A run that was killed after its second step.
  'docs/how-to/resume-a-run.md': [
    'gmlp train sotu --set checkpoints.every=2 --out runs/mine',
    'rm -r runs/mine/model runs/mine/checkpoints/step-000004 runs/mine/state.json',
  ],
  'docs/how-to/train-an-amlp-or-a-causal-model.md': ['gmlp train sotu'],
  'docs/how-to/fine-tune-on-texts.md': ['gmlp train sotu'],
  'docs/how-to/answer-questions.md': ['gmlp train sotu'],
};

/** What a document tells its reader to do by hand before a line: by document, the line and a function of folder and snippets. */
export const byHand = [
  {
    path: 'docs/how-to/train-on-your-text.md',
    line: /\btrain my-recipe\.json\b/,
    // "In my-recipe.json, point data at your text", and a block of JSON that shows how.
    act(folder, snippets) {
      const file = join(folder, 'my-recipe.json');
      const shown = snippets.find(({ language }) => language === 'json');
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...JSON.parse(shown.lines.join('\n')) }));
    },
  },
];

/**
 * The texts that documents call `my-text`, `other-text` and `c4/en`, which are pages of this documentation, and the images
 * `my-images`, `other-images` and `photo.jpg`, which are golden pictures of `@gmlp/vision`; the classified texts `SST-2` and `reviews.csv`,
 * and the questions `SQuAD` and `questions.jsonl`, which are a few words.
 */
export function layOutData(folder) {
  const pages = ['model-is-a-function', 'keys', 'devices', 'spec-and-apply'].map((name) =>
    readFileSync(join(root, `docs/concepts/${name}.md`), 'utf8').replace(/[^\n\x20-\x7e]/g, ''),
  );
  const write = (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (const [index, page] of pages.entries()) write(`my-text/${index}.txt`, page);
  write('other-text/other.txt', pages[0]);
  const records = pages.map((text) => `${JSON.stringify({ text })}\n`).join('');
  const { cases } = JSON.parse(readFileSync(join(root, 'packages/vision/goldens/pictures.json'), 'utf8'));
  const pictures = cases.filter(({ name }) => name === 'Rotate' || name === 'Color');
  for (const [index, { name, output }] of pictures.entries()) {
    const picture = png(output);
    write(`my-images/${name}/${index}.png`, picture);
    write(`other-images/${name}/${index}.png`, picture);
    // What a picture is, its bytes say.
    write('photo.jpg', picture);
  }
  write('c4/en/c4-train.00000-of-01024.json.gz', gzipSync(records));
  const classified = (count, between) =>
    Array.from({ length: count }, (_, i) => `a ${i % 2 ? 'good' : 'bad'} model${between}${i % 2}\n`).join('');
  write('SST-2/train.tsv', `sentence\tlabel\n${classified(8, '\t')}`);
  write('SST-2/dev.tsv', `sentence\tlabel\n${classified(2, '\t')}`);
  const context = 'The first program was written by Ada Lovelace in 1843, for a machine of Charles Babbage.';
  const qas = (count) =>
    Array.from({ length: count }, (_, id) => ({
      id: `${id}`,
      question: 'Who wrote the first program?',
      answers: id % 3 === 1 ? [] : [{ text: 'Ada Lovelace', answer_start: 33 }],
    }));
  const squad = (count) =>
    JSON.stringify({ version: 'v2.0', data: [{ title: 't', paragraphs: [{ context, qas: qas(count) }] }] });
  write('SQuAD/train-v2.0.json', squad(8));
  write('SQuAD/dev-v2.0.json', squad(3));
  write('questions.jsonl', `${JSON.stringify({ question: 'Who wrote the first program?', context })}\n`);
  write('reviews.csv', `review,stars\n${classified(10, ',')}`);
}

/** A PNG of 8-bit RGB: https://www.w3.org/TR/png-3/ */
function png({ width, height, rgb }) {
  const chunk = (type, data) => {
    const [length, sum, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type), data])];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
  const bytes = Buffer.from(rgb, 'base64');
  const rows = Array.from({ length: height }, (_, y) => [Buffer.of(0), bytes.subarray(y * width * 3, (y + 1) * width * 3)]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows.flat()));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
