export * from '../index.ts';
export { type DeviceVerdict, deviceNames, deviceReport, openDevice } from './open-device.ts';
export { ortCpu } from './ort-cpu.ts';
