/** Copies of arrays between the host's memory and ONNX Runtime's GPU: by graphs that do nothing, as getData() on a GPU's tensor aborts Node. */
import type { DType } from '@gmlp/base';
import { copyModel, portName } from '@gmlp/compiler';
import type { HostData } from './device-array.ts';
import type { OrtRuntime, OrtSession, OrtTensor } from './ort-runtime.ts';
import type { TransferCounter } from './transfers.ts';

export interface GpuCopies {
  upload(dtype: DType, data: HostData, shape: readonly number[]): Promise<OrtTensor>;
  download(dtype: DType, tensor: OrtTensor): Promise<HostData>;
  release(): Promise<void>;
}

export function gpuCopies(runtime: OrtRuntime, { count }: TransferCounter): GpuCopies {
  const sessions = new Map<string, Promise<OrtSession>>();
  const output = portName.output(0);
  const copy = async (dtype: DType, tensor: OrtTensor, place: 'cpu' | 'gpu-buffer'): Promise<OrtTensor> => {
    const name = `${dtype} to ${place}`;
    if (!sessions.has(name)) sessions.set(name, runtime.session(copyModel(dtype), 0, { [output]: place }));
    const session = await sessions.get(name)!;
    return (await session.run({ [portName.input(0)]: tensor }))[output]!;
  };
  return {
    async upload(dtype, data, shape) {
      count('toDevice', data.byteLength);
      return copy(dtype, runtime.tensor(dtype, data, shape), 'gpu-buffer');
    },
    async download(dtype, tensor) {
      const data = (await copy(dtype, tensor, 'cpu')).data as HostData;
      count('toHost', data.byteLength);
      return data;
    },
    async release() {
      for (const session of sessions.values()) await (await session.catch(() => undefined))?.release();
      sessions.clear();
    },
  };
}
