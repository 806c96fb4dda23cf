/** An evaluation of three functions: what the device computes of a batch, what the host keeps of that, and the figures of all. */
import { GmlpError } from '@gmlp/base';
import { disposeTree, type Host } from '@gmlp/devices';
import type { Figures, OpenEvaluator } from './objective.ts';

export interface EvaluationParts<P, B, About, O, Part> {
  /** On the device: small, whatever the figures need. */
  outputs(params: P, batch: B): O;
  /** On the host: plain data of one batch. */
  part(outputs: Host<O>, about: About): Part;
  /** Of the parts of all batches, in their order. */
  figures(parts: readonly Part[]): Figures;
}

export function evaluation<P, B, About, O, Part>(parts: EvaluationParts<P, B, About, O, Part>): OpenEvaluator<P, B, About> {
  return (device, exchange) => {
    const outputs = device.compile((params: P, batch: B): O => parts.outputs(params, batch));
    return {
      async measure(params, batches, { signal, onBatch } = {}) {
        const own: Part[] = [];
        for await (const { tensors, about } of batches) {
          if (signal?.aborted) {
            throw new GmlpError('aborted', `evaluation: stopped after ${own.length} batches`, {}, { cause: signal.reason });
          }
          const batch = device.put(tensors) as B;
          try {
            const result = await outputs(params, batch);
            own.push(parts.part((await device.read(result)) as Host<O>, about));
            disposeTree(result);
          } finally {
            disposeTree(batch);
          }
          onBatch?.(own.length);
        }
        return parts.figures((await exchange.gather(own)).flat() as Part[]);
      },
      dispose: () => outputs.dispose(),
    };
  };
}
