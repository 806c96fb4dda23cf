/** `gmlp eval` and `gmlp predict` of a model that points at answers, beside `gmlp score` and one another. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { initialValues } from '@gmlp/layers';
import { createModel, huggingFaceBertOptions, type OptionsOf, writeHuggingFaceBert } from '@gmlp/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnswerPrediction } from '../predict/predict-answers.ts';
import { runCommand } from '../run-command.ts';
import { bertVocabulary, writeSmallHuggingFaceBert } from '../saved-model/small-hugging-face-bert.ts';
import { writeSmallQuestionAnswerer } from '../saved-model/small-question-answerer.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const long = `the 👍🏽 cat sat on the mat ${'and the dog sat on the cat '.repeat(6)}`;
const asked = [
  { id: 'a', question: 'on the mat', context: long, answers: [{ text: 'cat', answer_start: 7 }] },
  { id: 'b', question: 'the dog', context: 'sat on the e\u0301 mat', answers: [] },
  { id: 'c', question: `${'the dog sat '.repeat(9)}?`, context: 'cat', answers: [{ text: 'cat', answer_start: 1 }] },
];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-answers-'));
  await writeSmallQuestionAnswerer(at('always'), { noAnswer: false });
  await writeSmallQuestionAnswerer(at('perhaps'), { noAnswer: true });
  const paragraphs = asked.map(({ context, ...rest }) => ({ context, qas: [rest] }));
  await writeFile(at('dev.json'), JSON.stringify({ version: '2.0', data: [{ title: 't', paragraphs }] }));
  await writeFile(at('asked.jsonl'), asked.map((each) => `${JSON.stringify(each)}\n`).join(''));
});
afterAll(() => rm(folder, { recursive: true }));

const json = async (args: readonly string[]): Promise<Readonly<Record<string, number>>> => {
  const { code, out, err } = await runCommand([...args, '--json']);
  expect(code, err).toBe(0);
  return JSON.parse(out) as Readonly<Record<string, number>>;
};
const evaluated = (model: string, ...rest: string[]) =>
  json(['eval', at(model), '--data', at('dev.json'), '--device', 'tfjs-cpu', ...rest]);

async function predicted(model: string, args: readonly string[], stdin = '') {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(stdin);
  };
  const { code, out, err } = await runCommand(['predict', at(model), ...args, '--device', 'tfjs-cpu'], { stdin: bytes() });
  const lines = out.split('\n').filter((line) => line !== '');
  return { code, err, said: lines.map((line) => JSON.parse(line) as AnswerPrediction) };
}

it.each(['always', 'perhaps'])('%s answering: eval, score and predict agree', async (model) => {
  const file = at(`${model}.json`);
  const figures = await evaluated(model, '--predictions', file);
  const squad = model === 'always' ? 'squad1' : 'squad2';
  const scores = await json(['score', squad, '--data', at('dev.json'), '--predictions', file]);
  expect([figures['f1'], figures['exactMatch']]).toEqual([scores['f1'], scores['exact_match'] ?? scores['exact']]);
  expect(figures['questions']).toBe(3);
  expect(figures['hasAnswerF1']).toBe(scores['HasAns_f1']);
  expect(figures['noAnswerF1']).toBe(scores['NoAns_f1']);

  const answers = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, string>>;
  const { said, code, err } = await predicted(model, [at('asked.jsonl')]);
  expect(code, err).toBe(0);
  for (const [place, { id, question, context }] of asked.entries()) {
    const each = said[place] as Exclude<AnswerPrediction, { error: string }>;
    expect(each).toMatchObject({ record: place, question, answer: answers[id] });
    expect(each.probability).toBeGreaterThan(0);
    expect(each.probability).toBeLessThanOrEqual(1);
    if (each.answer === '') expect(each).not.toHaveProperty('start');
    else expect([...context].slice(each.start, each.end).join('')).toBe(each.answer);
    expect('noAnswerOdds' in each).toBe(model === 'perhaps');
    if (each.noAnswerOdds !== undefined) expect(each.noAnswerOdds > 0).toBe(each.answer === '');
  }
});

it('the threshold of the best figures gives them', async () => {
  const [predictions, odds] = [at('said.json'), at('odds.json')];
  const figures = await evaluated('perhaps', '--predictions', predictions, '--na-prob-file', odds);
  const known = JSON.parse(await readFile(odds, 'utf8')) as Readonly<Record<string, number>>;
  expect(Object.keys(known)).toEqual(['a', 'b', 'c']);
  for (const [id, text] of Object.entries(JSON.parse(await readFile(predictions, 'utf8')) as Readonly<Record<string, string>>))
    expect(known[id]! > 0).toBe(text === '');
  expect(figures['bestF1']).toBeGreaterThanOrEqual(figures['f1']!);
  const { code, err } = await runCommand([
    ...['eval', at('always'), '--data', at('dev.json'), '--device', 'tfjs-cpu'],
    ...['--na-prob-file', at('none.json')],
  ]);
  expect(code).toBe(1);
  expect(err).toContain('gives an answer to every question: leave --na-prob-file out');
});

it('answers each record in its place; one that cannot be read is said so', async () => {
  const lines = ['{"question":"the cat","context":"the cat sat"}', '{"question":"x","context":""}', 'nothing'];
  const half = '{"question":"x","context":"a \\ud83d b"}';
  const { said, code, err } = await predicted('always', ['-'], `${[...lines, half].join('\n')}\n`);
  expect(said).toMatchObject([
    { file: '-', record: 0, question: 'the cat' },
    { record: 1, error: 'no text (its context is empty)' },
    { record: 2, error: expect.stringMatching(/^broken JSON/) },
    { record: 3, error: 'half a surrogate pair (in its context)' },
  ]);
  expect(code).toBe(1);
  expect(err).toContain('3 of 4 questions could not be read');
});

it('a BERT of Hugging Face’s that points at answers is asked and measured as it lies there', async () => {
  const { config } = createModel(
    huggingFaceBertOptions(
      {
        ...{ model_type: 'bert', architectures: ['BertForQuestionAnswering'], vocab_size: bertVocabulary.length },
        ...{ hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 16, max_position_embeddings: 12 },
      },
      { pooler: false },
    ) as OptionsOf<'extractive-span'>,
  );
  await writeSmallHuggingFaceBert(at('published'));
  const published = JSON.parse(await readFile(at('published/config.json'), 'utf8')) as object;
  const shape = { num_hidden_layers: 1, architectures: ['BertForQuestionAnswering'] };
  await writeFile(at('published/config.json'), JSON.stringify({ ...published, ...shape }));
  const params = initialValues(createModel(config).module.spec, key(1));
  const weights = encodeSafetensors(writeHuggingFaceBert(config, params as never));
  await writeFile(at('published/model.safetensors'), weights);
  const { said, code, err } = await predicted('published', ['-'], '{"question":"the cats","context":"The cats sat. CATS"}\n');
  expect(code, err).toBe(0);
  const each = said[0] as Exclude<AnswerPrediction, { error: string }>;
  expect('The cats sat. CATS'.slice(each.start, each.end)).toBe(each.answer);
  expect(each).not.toHaveProperty('noAnswerOdds');
  expect(await evaluated('published')).toMatchObject({ questions: 3, f1: expect.any(Number) as number });
});

it('a file that is not there is named', async () => {
  const { code, err } = await runCommand(['eval', at('always'), '--data', at('nothing.json'), '--device', 'tfjs-cpu']);
  expect(code).toBe(1);
  expect(err).toContain('nothing.json does not exist');
});
