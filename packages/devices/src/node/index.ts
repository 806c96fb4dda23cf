export * from '../index.ts';
export { deviceNames, openDevice, probeDevices } from './open-device.ts';
export { ortCpu } from './ort-cpu.ts';
export { ortWebgpu } from './ort-webgpu.ts';
