export * from '../index.ts';
export { deviceNames, openDevice, probeDevices } from './open-device.ts';
export { type OrtCpuOptions, ortCpu } from './ort-cpu.ts';
export { ortWebgpu } from './ort-webgpu.ts';
