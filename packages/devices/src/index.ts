export { deviceNames, openDevice, probeDevices } from './browser/open-device.ts';
export { ortWebgpu } from './browser/ort-webgpu.ts';
export { compiledDevice } from './compiled-device.ts';
export type { CompiledFunction, CompileOptions, Device, DeviceName } from './device.ts';
export { eagerDevice } from './eager-device.ts';
export type { DeviceVerdict, OpenOptions } from './open-first.ts';
export type { OrtRuntime, OrtSession, OrtTensor, ResultPlaces } from './ort-runtime.ts';
export { type Moved, movedBetween, type Transfers } from './transfers.ts';
export { type GpuWatch, type WatchedGpu, watchGpu } from './watch-gpu.ts';
