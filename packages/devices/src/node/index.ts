export * from '../index.ts';
export { type DeviceVerdict, deviceNames, deviceReport, openDevice } from './open-device.ts';
