/**
 * What each token of a sentence attends to in the tiny attention of each block (the paper's figure 10), by the layers of the
 * model itself.
 */
import { GmlpError, hostArray } from '@gmlp/base';
import { type Device, disposeTree, type Host } from '@gmlp/devices';
import { embedding, gmlpBlock, inference, layerNorm, tinyAttention } from '@gmlp/layers';
import type { ConfigOf, ParametersOf } from '@gmlp/models';
import { rowOfDocument, specialId, type Tokenizer } from '@gmlp/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoadedLanguageModel } from '../saved-model/load-language-model.ts';

export interface AttentionMaps {
  /** [CLS], the sentence's pieces, [SEP]. */
  readonly pieces: readonly string[];
  /** One a block: [pieces, pieces], each row sums to 1. */
  readonly maps: readonly Float32Array[];
}

/**
 * As the model never saw padding, a sentence is repeated until the length is full; what goes to a copy of a piece is counted
 * for the piece.
 */
export async function attentionMaps(
  device: Device,
  { config, tokenizer, params: values }: LoadedLanguageModel,
  sentence: string,
): Promise<AttentionMaps> {
  if (config.family !== 'gmlp-language' || config.attentionChannels === 0) {
    throw new GmlpError(
      'invalid-argument',
      `attentionMaps: expected an aMLP, whose gates have tiny attention, got a ${config.family}`,
    );
  }
  const document = encode(sentence, tokenizer, config.tokens);
  const row = rowOfDocument(document, tokenizer, config.tokens);
  const compiled = device.compile(attentionOfBlocks(config));
  const params = device.put(values as Host<ParametersOf<'gmlp-language'>>);
  const ids = device.put(hostArray('int32', [1, config.tokens], row));
  try {
    const results = await compiled(params, ids);
    try {
      const read = await device.read(results);
      const pieces = Array.from(row.subarray(0, 1 + document.length), (id) => tokenizer.pieceOf(id));
      return { pieces, maps: read.map(({ data }) => ontoFirstCopy(data as Float32Array, config.tokens, pieces.length)) };
    } finally {
      disposeTree(results);
    }
  } finally {
    disposeTree([params, ids]);
    await compiled.dispose();
  }
}

/** ids int32 [1, tokens] -> one [1, tokens, tokens] a block */
function attentionOfBlocks(config: ConfigOf<'gmlp-language'>) {
  const { channels, attentionChannels, attentionBias: projectionBias, causal, epsilon } = config;
  const embed = embedding(config);
  const block = gmlpBlock(config);
  const norm = layerNorm({ channels, epsilon });
  const attention = tinyAttention({ channels, attentionChannels, outputs: 1, projectionBias, causal }); // outputs take no part
  return (params: ParametersOf<'gmlp-language'>, ids: Tensor): Tensor[] => {
    let x = embed.apply(params.embedding, ids);
    return params.blocks.map((weights) => {
      const map = attention.weights(weights.gate.attention!, norm.apply(weights.norm, x));
      x = block.apply(weights, x, inference);
      return map;
    });
  };
}

function encode(sentence: string, tokenizer: Tokenizer, tokens: number): number[] {
  const pieces = tokenizer.encode(sentence);
  if (pieces.length === 0 || pieces.length > tokens - 2) {
    throw new GmlpError(
      'invalid-argument',
      `attentionMaps: expected a sentence of 1 to ${tokens - 2} pieces, got ${pieces.length}: ${sentence}`,
      { sentence, pieces: pieces.length },
    );
  }
  return [...pieces, specialId(tokenizer, '[SEP]')];
}

/** [CLS] is alone, then come copies of `shown - 1` pieces. */
function ontoFirstCopy(weights: Float32Array, tokens: number, shown: number): Float32Array {
  const map = new Float32Array(shown * shown);
  for (let i = 0; i < shown; i++) {
    for (let j = 0; j < tokens; j++) {
      const piece = j === 0 ? 0 : 1 + ((j - 1) % (shown - 1));
      map[i * shown + piece]! += weights[i * tokens + j]!;
    }
  }
  return map;
}
