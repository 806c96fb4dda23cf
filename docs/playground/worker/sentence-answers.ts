/** What a model of the page says of a sentence: what stands at its masks, or how it goes on. */
import { expectScores, type HostArray, hostArray, indicesOfLargest, key, probabilitiesOf } from '@gmlp/base';
import { disposeTree, type Host } from '@gmlp/devices';
import type { ParametersOf } from '@gmlp/models';
import { encodeSentences, likeliest, specialId } from '@gmlp/text';
import type { LiveModel, ModelInput, Moment } from './live-model.ts';
import type { ContinuedText, FilledSentence } from './messages.ts';

/** Of a text that goes on: a line or two. */
const mostWritten = 24;
/** Drawn from so much of the probability: of the likeliest piece alone a small model makes circles. */
const topP = 0.9;
const guessesShown = 5;

/** The likeliest pieces for each [MASK] of a sentence. */
export async function fillSentence(model: LiveModel, moment: Moment, sentence: string): Promise<FilledSentence> {
  const { config, tokenizer } = model;
  const logits = await scoresAt(model, moment, encodeSentences([sentence], tokenizer, config.tokens));
  return { masks: likeliest(logits, tokenizer, [sentence], guessesShown), step: moment.step };
}

/**
 * The likeliest pieces after a text, and one way in which it goes on, as `gmlp generate --top-p 0.9` draws it by the seed. A space at its
 * end is left out: it would begin a word, and the pieces of words bring their own.
 */
export async function continueText(model: LiveModel, moment: Moment, sentence: string, seed: number): Promise<ContinuedText> {
  const before = sentence.trimEnd();
  const { config, tokenizer, generate } = model;
  if (generate === undefined) throw new Error('The model is not causal: it fills masks, and goes on with no text.');
  const [start, end] = ['[CLS]', '[SEP]'].map((token) => specialId(tokenizer, token)) as [number, number];
  const given = [...tokenizer.encode(before, { specialTokens: false })];
  const prompt = [start, ...given];
  const most = config.tokens - 2;
  if (given.length > most) {
    throw new Error(`This text has ${given.length} pieces, and the model reads ${most} to go on with them; shorten it.`);
  }
  const { ids, ended } = await generate(moment.params as ParametersOf<'gmlp-language'>, prompt, {
    end,
    maximumTokens: mostWritten,
    sampling: { key: key(seed), topP },
  });
  const row = new Int32Array(config.tokens);
  row.set(prompt);
  const { data } = await scoresAt(model, moment, {
    ids: hostArray('int32', [1, config.tokens], row),
    positions: hostArray('int32', [1, 1], Int32Array.of(prompt.length - 1)),
  });
  expectScores('continueText', data);
  const probabilities = probabilitiesOf(data);
  const whole = tokenizer.decode([...given, ...ids], { skipSpecialTokens: true });
  return {
    before,
    written: whole.slice(tokenizer.decode(given).length),
    ended,
    guesses: indicesOfLargest(data, guessesShown).map((id) => ({
      piece: tokenizer.pieceOf(id),
      probability: probabilities[id]!,
    })),
    step: moment.step,
  };
}

async function scoresAt({ device, scores }: LiveModel, { params }: Moment, given: Host<ModelInput>): Promise<HostArray> {
  const { ids, positions } = device.put<ModelInput>(given);
  try {
    const logits = await scores(params, ids, positions);
    try {
      return await device.read(logits);
    } finally {
      disposeTree(logits);
    }
  } finally {
    disposeTree([ids, positions]);
  }
}
