/** What the golden of transformers does not have: bounds, places between pieces, and texts without any. */
import { describe, expect, it } from 'vitest';
import { windowAnswers } from './best-answers.ts';
import { contextWindows, mostCentral } from './context-windows.ts';
import { encodeContext, piecesOfAnswer, questionWindows, spanLabels } from './question-windows.ts';

describe('windows', () => {
  it('begin a stride apart, leave no piece out whatever the stride, and show each best in one', () => {
    for (const pieces of [0, 1, 7, 30, 31])
      for (const room of [1, 5, 10, 40])
        for (const stride of [1, 3, 10, 100]) {
          const windows = contextWindows(pieces, room, stride);
          const covered = new Set(windows.flatMap(({ from, length }) => Array.from({ length }, (_, at) => from + at)));
          expect(covered.size).toBe(pieces);
          for (const { length } of windows) expect(length).toBeLessThanOrEqual(room);
          for (let piece = 0; piece < pieces; piece++) {
            const { from, length } = windows[mostCentral(windows, piece)]!;
            expect(piece >= from && piece < from + length).toBe(true);
          }
        }
    expect(contextWindows(0, 10, 3)).toEqual([{ from: 0, length: 0 }]);
    expect(() => contextWindows(1, 0, 3)).toThrow(/room and a stride above 0, got 0 and 3/);
  });

  it('cut a question that would take more than half of a row', () => {
    const question = new Int32Array(100);
    expect(questionWindows(question, 1000)).toMatchObject({ cut: 36, contextAt: 66 });
    expect(questionWindows(question, 1000, { tokens: 16 })).toMatchObject({ cut: 94, contextAt: 8 });
    expect(questionWindows(question, 1000).windows[1]).toEqual({ from: 128, length: 384 - 3 - 64 });
  });
});

it('an answer between pieces, or in none, has the pieces that it touches', () => {
  const places = { starts: Int32Array.of(0, 4, 4, 9), ends: Int32Array.of(3, 6, 6, 12) };
  expect(piecesOfAnswer(places, 4, 6)).toEqual([1, 2]); // two pieces of one character
  expect(piecesOfAnswer(places, 3, 7)).toEqual([1, 2]);
  expect(piecesOfAnswer(places, 5, 10)).toEqual([1, 3]);
  expect(piecesOfAnswer(places, 6, 9)).toBeUndefined();
  expect(piecesOfAnswer({ starts: new Int32Array(0), ends: new Int32Array(0) }, 0, 3)).toBeUndefined();
  expect(spanLabels([1, 3], { from: 1, length: 3 }, 5)).toEqual([5, 7]);
  expect(spanLabels([1, 3], { from: 2, length: 3 }, 5)).toEqual([0, 0]);
  expect(spanLabels([1, 3], { from: 0, length: 3 }, 5)).toEqual([0, 0]);
});

it('the marks behind a letter are of its piece, also where the tokenizer dropped them', () => {
  const tokenizer = {
    encodeWithOffsets: () => ({ ids: Int32Array.of(5, 6), starts: Int32Array.of(0, 7), ends: Int32Array.of(4, 8) }),
  };
  expect([...encodeContext('cafe\u0301\u0323 x', tokenizer).ends]).toEqual([6, 8]);
});

it('scores that are not those of the window are refused', () => {
  const places = {
    ...{ context: 'a b', starts: Int32Array.of(0, 2), ends: Int32Array.of(1, 3) },
    ...{ windows: [{ from: 0, length: 2 }], contextAt: 3 },
  };
  const scores = (count: number) => ({ start: new Float32Array(count), end: new Float32Array(count) });
  expect(windowAnswers(places, 0, scores(6)).spans.map(({ text }) => text)).toEqual(['a', 'a b', 'b']);
  expect(() => windowAnswers(places, 0, scores(4))).toThrow(/a score for each token of window 0 of 1, got 4 and 4/);
  expect(() => windowAnswers(places, 1, scores(6))).toThrow(/window 1 of 1/);
});
