/** The devices as a choice: what does not work here is greyed, with the reason. */
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { Option } from './elements.ts';

const descriptions: Partial<Record<DeviceName, string>> = {
  'ort-webgpu': 'ONNX Runtime on the GPU',
  'ort-wasm': 'ONNX Runtime on the CPU',
  'tfjs-webgpu': 'TensorFlow.js on the GPU',
  'tfjs-wasm': 'TensorFlow.js on the CPU',
  'tfjs-cpu': 'TensorFlow.js in plain JavaScript, very slow',
};

export function deviceOptions(verdicts: readonly DeviceVerdict[]): Option[] {
  return verdicts.map(({ name, available, reason }) => {
    const description = descriptions[name] ?? '';
    return {
      value: name,
      label: name,
      note: reason === '' ? description : `${description}${available ? '; ' : ': '}${reason}`,
      disabled: !available,
    };
  });
}

/** The first that works and is no software GPU. */
export function bestDevice(verdicts: readonly DeviceVerdict[]): DeviceName | undefined {
  return verdicts.find(({ available, software }) => available && software === undefined)?.name;
}
