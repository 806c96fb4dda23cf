import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray, probabilitiesOf } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import { inference } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TextPrediction } from '../predict/predict-texts.ts';
import { runCommand } from '../run-command.ts';
import { loadTextClassifier } from '../saved-model/load-text-classifier.ts';
import { writeSmallTextClassifier } from '../saved-model/small-text-classifier.ts';

const classes = ['no', 'yes', 'perhaps'];
let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-predict-texts-'));
  await writeSmallTextClassifier(at('one'), { classes });
  await writeSmallTextClassifier(at('pairs'), { classes, first: 'question', second: 'answer' });
});
afterAll(() => rm(folder, { recursive: true }));

async function predict(model: string, args: readonly string[], stdin = '') {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(stdin);
  };
  const asked = ['predict', at(model), ...args, '--device', 'tfjs-cpu'];
  const { code, out, err } = await runCommand(asked, { stdin: bytes() });
  const lines = out.split('\n').filter((line) => line !== '');
  return { code, err, said: lines.map((line) => JSON.parse(line) as TextPrediction) };
}

it('says of a pair what the model says of it, alone, without what fills rows up', async () => {
  await writeFile(
    at('pairs.jsonl'),
    '{"question":"the cat","answer":"sat","label":"no"}\n{"answer":"the dog","question":"on"}\n',
  );
  const { said } = await predict('pairs', [at('pairs.jsonl')]);
  expect(said).toMatchObject([
    { record: 0, text: 'the cat', second: 'sat' },
    { record: 1, text: 'on', second: 'the dog' },
  ]);
  const { apply, params, tokenizer } = await loadTextClassifier(at('pairs'));
  const [first, second] = ['the cat', 'sat'].map((text) => [...tokenizer.encode(text)]);
  const special = (name: string): number => tokenizer.specialIds.get(name)!;
  const ids = [special('[CLS]'), ...first!, special('[SEP]'), ...second!, special('[SEP]')];
  const segments = ids.map((_, place) => (place > first!.length + 1 ? 1 : 0));
  const device = await openDevice('tfjs-cpu');
  const row = (values: readonly number[]): Tensor => device.put(hostArray('int32', [1, values.length], Int32Array.from(values)));
  const scores = device.compile((p: unknown, given: Readonly<Record<string, Tensor>>) => apply(p, given, inference));
  const logits = await device.read(await scores(device.put<unknown>(params), { ids: row(ids), segments: row(segments) }));
  const expected = probabilitiesOf(logits.data);
  const { probabilities, class: name } = said[0] as Extract<TextPrediction, { class: string }>;
  for (const [place, each] of classes.entries()) expect(probabilities[each]).toBeCloseTo(expected[place]!, 5);
  expect(name).toBe(classes[expected.indexOf(Math.max(...expected))]);
  await device.dispose();
});

it('takes lines of standard input, more than go through at once, and says what was cut off', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => `${'the cat '.repeat(1 + (i % 3) * 10)}${i}`);
  const { said, err } = await predict('one', ['-'], `${lines.join('\n')}\n`);
  expect(said.map((each) => 'text' in each && each.text)).toEqual(lines);
  const long = said.filter((each) => 'cut' in each).length;
  expect(long).toBeGreaterThan(20);
  expect(err).toContain(`the end was not judged: ${long} of 40`);
  const alone = await predict('one', ['-'], `${lines[33]}\n`);
  const [a, b] = [said[33], alone.said[0]] as Extract<TextPrediction, { class: string }>[];
  for (const name of classes) expect(a!.probabilities[name]).toBeCloseTo(b!.probabilities[name]!, 5);
});

it('answers each record in its place; one that cannot be read is said so, and the command fails', async () => {
  await writeFile(at('some.jsonl'), '{"text":"the cat"}\n{"text":"a\\u0000b"}\nnothing\n{"text":"the dog\\u202e"}\n');
  const { said, code, err } = await predict('one', [at('some.jsonl')]);
  expect(said).toMatchObject([
    { record: 0, text: 'the cat' },
    { record: 1, error: 'NUL (at character 1 of its text)' },
    { record: 2, error: expect.stringMatching(/^broken JSON/) },
    { record: 3, text: 'the dog\u202e' },
  ]);
  expect(code).toBe(1);
  expect(err).toContain('2 of 4 texts could not be read');
});
