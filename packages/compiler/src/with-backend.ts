import * as tf from '@tensorflow/tfjs-core';

/** Runs a synchronous body on a TF.js backend and restores the one that was active, if any was. */
export function withBackend<T>(name: string, body: () => T): T {
  const engine = tf.engine();
  const previous = engine.backendName as string | undefined | null;
  // setBackend is asynchronous only for backends that start asynchronously; by now they have.
  void tf.setBackend(name);
  try {
    return body();
  } finally {
    if (previous) void tf.setBackend(previous);
    else engine.backendName = previous as never;
  }
}
