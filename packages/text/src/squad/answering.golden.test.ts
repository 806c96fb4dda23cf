/** Rows, offsets, labels and decoded answers, against what transformers makes of the same texts: goldens/make-answering.py. */
import { readFileSync } from 'node:fs';
import { probabilitiesOf } from '@gmlp/base';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';
import { bestAnswers, windowAnswers } from './best-answers.ts';
import { encodeContext, piecesOfAnswer, questionWindows, spanLabels, windowIds } from './question-windows.ts';

interface Decoded {
  /** Of each window: of each token, that the answer starts there, and that it ends there. */
  readonly scores: readonly (readonly [start: number[], end: number[]])[];
  readonly best: readonly (readonly [text: string, score: number, probability: number])[];
  readonly prediction: string;
  readonly odds: number | null;
}

interface Case {
  readonly tokenizer: string;
  readonly question: string;
  readonly context: string;
  readonly answer: string | null;
  /** In code points, as the offsets are. */
  readonly start: number | null;
  readonly offsets: readonly (readonly [number, number])[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly (readonly [number, number])[];
  readonly decoded?: readonly Decoded[];
}

const golden = JSON.parse(readFileSync(new URL('../../goldens/answering.json', import.meta.url), 'utf8')) as {
  readonly options: {
    readonly tokens: number;
    readonly stride: number;
    readonly questionTokens: number;
    readonly longest: number;
  };
  readonly files: Readonly<Record<string, object>>;
  readonly cases: readonly Case[];
};
const tokenizers = new Map(
  Object.entries(golden.files).map(([name, file]) => [name, loadTokenizer(JSON.stringify(file))] as const),
);

/** UTF-16 units of a text by its code points. */
function unitsOf(text: string): readonly number[] {
  const units = [0];
  for (const point of text) units.push(units.at(-1)! + point.length);
  return units;
}

describe.each(golden.cases.map((each) => [`${each.tokenizer}: ${each.question}`, each] as const))('%s', (_, each) => {
  const tokenizer = tokenizers.get(each.tokenizer)!;
  const units = unitsOf(each.context);
  const context = encodeContext(each.context, tokenizer);
  const asked = questionWindows(tokenizer.encode(each.question, { specialTokens: false }), context.ids.length, golden.options);

  it('has the offsets of tokenizers', () => {
    const { ids, starts, ends } = tokenizer.encodeWithOffsets(each.context, { specialTokens: false });
    expect([...ids]).toEqual([...tokenizer.encode(each.context, { specialTokens: false })]);
    expect(Array.from(starts, (start, piece) => [start, ends[piece]])).toEqual(
      each.offsets.map(([start, end]) => [units[start], units[end]]),
    );
  });

  it('has the rows and labels of transformers', () => {
    const frame = { begin: 2, end: 3 };
    expect(asked.windows.map((window) => [...windowIds(asked.question, context.ids, window, frame)])).toEqual(each.rows);
    const start = each.start === null ? undefined : units[each.start]!;
    const answer = start === undefined ? undefined : piecesOfAnswer(context, start, start + each.answer!.length);
    expect(asked.windows.map((window) => spanLabels(answer, window, asked.contextAt))).toEqual(each.labels);
  });

  it.each(each.decoded ?? [])('has the answers of BERT’s program', ({ scores, best, prediction, odds }) => {
    const places = { ...context, ...asked, context: each.context };
    const windows = scores.map(([start, end], number) =>
      windowAnswers(places, number, { start, end }, { longest: golden.options.longest }),
    );
    const { answers, none } = bestAnswers(windows);
    const expected = best.filter(([text]) => text !== '');
    expect(answers.slice(0, expected.length).map(({ text, score }) => [text, score])).toEqual(
      expected.map(([text, score]) => [text, score]),
    );
    for (const { text, start, end } of answers) expect(each.context.slice(start, end)).toBe(text);
    if (odds === null) {
      expect(answers[0]!.text).toBe(prediction);
      const shares = probabilitiesOf(answers.map(({ score }) => score));
      for (const [at, [, , probability]] of expected.entries()) expect(shares[at]).toBeCloseTo(probability, 12);
      return;
    }
    expect(none - answers[0]!.score).toBeCloseTo(odds, 12);
    expect(odds > 0 ? '' : answers[0]!.text).toBe(prediction);
  });
});
