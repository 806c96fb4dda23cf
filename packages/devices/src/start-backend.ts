import * as tf from '@tensorflow/tfjs-core';

/** Runs what may change TF.js's active backend, and restores the one that was active, if any was. */
export async function keepingBackend<T>(body: () => Promise<T>): Promise<T> {
  const engine = tf.engine();
  const previous = engine.backendName as string | null | undefined;
  try {
    return await body();
  } finally {
    if (previous) await tf.setBackend(previous);
    else engine.backendName = previous as never;
  }
}

/** Starts a registered TF.js backend without leaving it active. */
export async function startBackend(name: string): Promise<void> {
  const started = await keepingBackend(() => tf.setBackend(name));
  if (!started) throw new Error(`TF.js could not start its ${name} backend`);
}
