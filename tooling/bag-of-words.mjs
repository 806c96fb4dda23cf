/**
 * What the words of a text say without their order: a logistic regression on which words there are, the line that a model of language has
 * to beat.
 *
 *   loss(w, b) = mean over texts of log(1 + exp(-y (x w + b))) + penalty / 2 |w|^2,   y = 1 or -1
 *
 * `x` has 1 / sqrt(n) for each of the n different words of a text. The loss is convex and followed down from 0 by Nesterov's accelerated
 * gradient, so no seed has a part in it. The penalty is that with which the texts of five folds are told best by the others.
 */

const penalties = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
const folds = 5;
const iterations = 400;
/** No second derivative of the loss without its penalty is larger: a quarter of |x|^2 + 1, the 1 for the bias. */
const steepest = 0.5;

/** Texts are `{ text, class }`, class 0 or 1. How many of `held` are told, as a share, and the penalty that was chosen. */
export function bagOfWords(training, held) {
  const known = training.map(({ text, class: label }) => ({ words: wordsOf(text), class: label }));
  const worth = (penalty) => {
    let told = 0;
    for (let fold = 0; fold < folds; fold++) {
      const model = fitted(
        known.filter((_, at) => at % folds !== fold),
        penalty,
      );
      told += accuracy(
        model,
        known.filter((_, at) => at % folds === fold),
      );
    }
    return told / folds;
  };
  const [best] = penalties.map((penalty) => ({ penalty, worth: worth(penalty) })).sort((one, other) => other.worth - one.worth);
  const asked = held.map(({ text, class: label }) => ({ words: wordsOf(text), class: label }));
  return { accuracy: accuracy(fitted(known, best.penalty), asked), penalty: best.penalty };
}

/** The different words of a text, and marks that stand between them. */
export const wordsOf = (text) => [...new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}']+|[^\s\p{L}\p{M}\p{N}']/gu) ?? [])];

/** Where each word's weight stands, the weights, and the bias behind them. */
export function fitted(texts, penalty) {
  const places = new Map();
  for (const { words } of texts) for (const word of words) if (!places.has(word)) places.set(word, places.size);
  const rows = texts.map(({ words }) => Int32Array.from(words, (word) => places.get(word)));
  const bias = places.size;
  const [weights, ahead, gradient] = [new Float64Array(bias + 1), new Float64Array(bias + 1), new Float64Array(bias + 1)];
  const rate = 1 / (steepest + penalty);
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let at = 0; at < bias; at++) gradient[at] = penalty * ahead[at];
    gradient[bias] = 0;
    for (let at = 0; at < rows.length; at++) {
      const sign = texts[at].class === 1 ? 1 : -1;
      const slope = -sign / (1 + Math.exp(sign * scoreOf(rows[at], ahead))) / rows.length;
      const each = slope / Math.sqrt(rows[at].length);
      for (const place of rows[at]) gradient[place] += each;
      gradient[bias] += slope;
    }
    const momentum = (iteration + 1) / (iteration + 4);
    for (let at = 0; at <= bias; at++) {
      const before = weights[at];
      weights[at] = ahead[at] - rate * gradient[at];
      ahead[at] = weights[at] + momentum * (weights[at] - before);
    }
  }
  return { places, weights };
}

/** Of the words that were seen; one that was not weighs nothing, and still counts as a word of the text. */
function scoreOf(row, weights, words = row.length) {
  let sum = 0;
  for (const place of row) sum += weights[place];
  return (words === 0 ? 0 : sum / Math.sqrt(words)) + weights[weights.length - 1];
}

function accuracy({ places, weights }, texts) {
  let right = 0;
  for (const { words, class: label } of texts) {
    const row = words.filter((word) => places.has(word)).map((word) => places.get(word));
    if (scoreOf(row, weights, words.length) > 0 === (label === 1)) right++;
  }
  return right / texts.length;
}
