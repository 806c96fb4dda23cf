/**
 * The step benchmark in plain TensorFlow.js on its wasm backend: tfjs-core's ops, optimiser and gradients, nothing of gmlp.
 * Two things a user of TF.js in Node has to know are granted: the gradients are loaded by hand, as tfjs-core's build for
 * Node leaves them out, and the gradient of a broadcast matMul, which has the wrong shape, is patched (tensorflow/tfjs#8721).
 */
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '../src/numbers.ts';
import { meanMagnitude, type SideFunctions } from '../src/side.ts';
import { type LoadedTask, productShapes } from '../src/task.ts';

const productRuns = 5;

/** TF.js's own gradient of matMul, with the result summed over the batch axes along which an input was broadcast. */
function patchBroadcastMatMul(): void {
  const original = tf.getGradient(tf.BatchMatMul);
  tf.unregisterGradient(tf.BatchMatMul);
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attrs) => {
      const gradients = original.gradFunc(dy, saved, attrs);
      const unbroadcast = (name: string, input: tf.Tensor) => () => {
        const gradient = gradients[name]!();
        const axes = tf.broadcast_util.getReductionAxes(input.shape.slice(0, -2), gradient.shape.slice(0, -2));
        return axes.length > 0 ? tf.reshape(tf.sum(gradient, axes), input.shape) : gradient;
      };
      return { a: unbroadcast('a', saved[0]!), b: unbroadcast('b', saved[1]!) };
    },
  });
}

function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon))), scale), offset);
}

function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** As tfjs-layers does it: the leading axes become one, for TF.js's matMul wants equal ranks. */
function dense(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [inputs, outputs] = weight.shape as [number, number];
  const product = tf.matMul(tf.reshape(x, [-1, inputs]), weight as tf.Tensor2D);
  return tf.reshape(tf.add(product, bias), [...x.shape.slice(0, -1), outputs]);
}

export async function openTfjsWasm(loaded: LoadedTask): Promise<SideFunctions> {
  await tf.setBackend('wasm');
  patchBroadcastMatMul();
  const { task } = loaded;
  const { rate, beta1, beta2, epsilon, weightDecay } = task.adamw;
  const variables = new Map(
    [...loaded.parameters].map(([name, array]) => [
      name,
      tf.variable(tf.tensor(array.data, [...array.shape], 'float32'), true, name),
    ]),
  );
  const images = tf.tensor(loaded.images.data, [...loaded.images.shape], 'float32');
  const labels = tf.oneHot(tf.tensor1d(loaded.labels.data, 'int32'), task.classes) as tf.Tensor2D;
  const optimiser = tf.train.adam(rate, beta1, beta2, epsilon);

  const get = (name: string): tf.Variable => variables.get(name)!;
  const norm = (x: tf.Tensor, name: string) => layerNorm(x, get(`${name}.scale`), get(`${name}.offset`), task.normEpsilon);
  const linear = (x: tf.Tensor, name: string) => dense(x, get(`${name}.weight`), get(`${name}.bias`));

  const spatialGate = (x: tf.Tensor, name: string): tf.Tensor => {
    const [u, v] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
    const mixed = tf.matMul(get(`${name}.spatial.weight`) as tf.Tensor, norm(v, `${name}.norm`)); // [n,n] x [b,n,c]
    return tf.mul(u, tf.add(mixed, tf.reshape(get(`${name}.spatial.bias`), [task.tokens, 1])));
  };
  const block = (x: tf.Tensor, name: string): tf.Tensor => {
    const hidden = gelu(linear(norm(x, `${name}.norm`), `${name}.expand`));
    return tf.add(x, linear(spatialGate(hidden, `${name}.gate`), `${name}.contract`));
  };
  const logits = (): tf.Tensor2D => {
    let x: tf.Tensor = images;
    for (let index = 0; index < task.blocks; index++) x = block(x, `blocks.${index}`);
    return linear(tf.mean(norm(x, 'norm'), 1), 'head') as tf.Tensor2D;
  };

  return {
    step: async () => {
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(labels, logits()) as tf.Scalar);
        for (const variable of variables.values()) variable.assign(tf.mul(variable, 1 - rate * weightDecay));
        optimiser.applyGradients(grads as Record<string, tf.Variable>);
        return value;
      });
      const [value] = await loss.data();
      loss.dispose();
      return { loss: value! };
    },
    forward: async () => {
      const output = tf.tidy(() => logits());
      const values = await output.data();
      output.dispose();
      return meanMagnitude(values as Float32Array);
    },
    product: async () => {
      const { x, weight } = productShapes(task);
      const [left, right] = [tf.ones([...x]), tf.ones([...weight])];
      const times: number[] = [];
      for (let run = 0; run < productRuns; run++) {
        const start = performance.now();
        const sum = tf.tidy(() => tf.sum(tf.matMul(left, right)));
        await sum.data();
        times.push(performance.now() - start);
        sum.dispose();
      }
      tf.dispose([left, right]);
      return median(times);
    },
  };
}
