/** What a saved causal model writes after a prompt. */
import { GmlpError, type Key } from '@gmlp/base';
import { type Device, disposeTree, type Host } from '@gmlp/devices';
import { createModel, type ParametersOf, type SampleOptions, textGenerator } from '@gmlp/models';
import { specialId } from '@gmlp/text';
import type { LoadedLanguageModel } from './load-language-model.ts';

export interface GenerateTextOptions {
  /** The most tokens, the end counted; as many as the model has room for when left out. */
  readonly maximumTokens?: number | undefined;
  /** Left out: the likeliest token each time. */
  readonly sampling?: (SampleOptions & { readonly key: Key }) | undefined;
  readonly signal: AbortSignal;
}

export interface GeneratedText {
  readonly prompt: string;
  /** The prompt and what comes after it. */
  readonly text: string;
  /** The tokens that were written. */
  readonly pieces: readonly string[];
  /** Whether the model ended the text, or it was cut at the most tokens. */
  readonly ended: boolean;
  /** Of what was written, its end included, in nats. */
  readonly logProbability: number;
}

/** The prompt begins a sequence as in training: [CLS], then text; [SEP] ends it. A prompt of no text begins a text. */
export async function generateText(
  device: Device,
  { config, tokenizer, params: values }: LoadedLanguageModel,
  prompt: string,
  options: GenerateTextOptions,
): Promise<GeneratedText> {
  if (config.family !== 'gmlp-language' || !config.causal) {
    throw new GmlpError(
      'invalid-argument',
      'generateText: expected a causal model, which the task next-token trains; this one sees later tokens and fills masks: gmlp fill-mask',
    );
  }
  const [start, end] = ['[CLS]', '[SEP]'].map((token) => specialId(tokenizer, token)) as [number, number];
  const given = tokenizer.encode(prompt, { specialTokens: false });
  const generate = textGenerator(device, createModel(config));
  const params = device.put(values as Host<ParametersOf<'gmlp-language'>>);
  try {
    const { ids, ended, logProbability } = await generate(params, [start, ...given], { ...options, end });
    const text = tokenizer.decode([...given, ...ids], { skipSpecialTokens: true });
    return { prompt, text, pieces: ids.map((id) => tokenizer.pieceOf(id)), ended, logProbability };
  } finally {
    disposeTree(params);
    await generate.dispose();
  }
}
