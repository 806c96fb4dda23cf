export { compiledDevice } from './compiled-device.ts';
export type { CompileOptions, Device, DeviceName } from './device.ts';
export { eagerDevice } from './eager-device.ts';
export type { OrtRuntime, OrtSession, OrtTensor } from './ort-runtime.ts';
