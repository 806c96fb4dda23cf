import { type GeluForm, gelu } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** What stands between two dense maps: GELU by its definition or its approximation, or the first Transformer's max(x, 0). */
export type Activation = GeluForm | 'relu';

export function activate(x: Tensor, activation: Activation): Tensor {
  return activation === 'relu' ? tf.relu(x) : gelu(x, activation);
}
