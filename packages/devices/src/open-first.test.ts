import { expect, it } from 'vitest';
import { softwareAdapter } from './adapter.ts';
import type { Device, DeviceName } from './device.ts';
import { type DeviceVerdict, openFirst, verdictsOn } from './open-first.ts';
import { type Opener, unavailable } from './opener.ts';

const device = (name: DeviceName): Device => ({ name, compile: () => {}, dispose: async () => {} }) as unknown as Device;
const opener = (name: DeviceName, rest: Partial<Opener> = {}): Opener => ({
  ...{ name, packages: [`package-of-${name}`], open: async () => device(name) },
  ...rest,
});
const missing = opener('ort-cuda', {
  open: async () => {
    throw Object.assign(new Error("Cannot find package 'package-of-ort-cuda'"), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});
const absent = opener('ort-webgpu', {
  open: async () => {
    throw unavailable('no adapter', 'install a driver');
  },
});
const broken = opener('tfjs-node', {
  open: async () => {
    throw new Error('first line\n    at a stack of a library');
  },
});
const software = opener('tfjs-webgpu', { software: async () => 'SwiftShader' });
const good = opener('ort-cpu');

it('auto passes over what is absent and what is software, says why, and takes the first that works', async () => {
  const told: DeviceVerdict[] = [];
  const open = await openFirst([missing, absent, software, broken, good], 'auto', { onVerdict: (verdict) => told.push(verdict) });
  expect(open.name).toBe('ort-cpu');
  expect(told).toEqual([
    {
      ...{ name: 'ort-cuda', available: false, reason: 'package-of-ort-cuda is not installed' },
      fix: 'npm install package-of-ort-cuda',
    },
    { name: 'ort-webgpu', available: false, reason: 'no adapter', fix: 'install a driver' },
    { name: 'tfjs-webgpu', available: false, reason: 'its GPU is software, SwiftShader', software: 'SwiftShader' },
    { name: 'tfjs-node', available: false, reason: 'first line' },
    { name: 'ort-cpu', available: true, reason: '' },
  ]);
});

it('by its name a software GPU is opened, and the verdict says that it is slow', async () => {
  expect((await openFirst([software, good], 'tfjs-webgpu')).name).toBe('tfjs-webgpu');
  expect(await verdictsOn([software])).toEqual([
    {
      ...{ name: 'tfjs-webgpu', available: true, software: 'SwiftShader' },
      reason: 'slow, as its GPU is software (SwiftShader); auto passes it over',
    },
  ]);
});

it('what can be asked is not opened to know whether it works', async () => {
  const open = async (): Promise<Device> => {
    throw new Error('opened');
  };
  const asked = opener('ort-wasm', { open, probe: async () => {}, remark: () => ({ reason: 'one thread', fix: 'headers' }) });
  const refused = opener('ort-webgpu', { open, probe: absent.open as () => Promise<never> });
  await expect(openFirst([refused], 'ort-webgpu')).rejects.toThrow('no adapter'); // asked before it is opened
  expect(await verdictsOn([asked, refused, good])).toEqual([
    { name: 'ort-wasm', available: true, reason: 'one thread', fix: 'headers' },
    { name: 'ort-webgpu', available: false, reason: 'no adapter', fix: 'install a driver' },
    { name: 'ort-cpu', available: true, reason: '' },
  ]);
});

it('where nothing works, every reason is told with the command that helps', async () => {
  await expect(openFirst([missing, absent], 'auto')).rejects.toMatchObject({
    code: 'device-unavailable',
    message:
      'openDevice: ort-cuda: package-of-ort-cuda is not installed (npm install package-of-ort-cuda); ort-webgpu: no adapter (install a driver)',
  });
});

it('software is known by its name, or as the adapter to fall back to', () => {
  expect(softwareAdapter({ info: { vendor: 'google', architecture: 'swiftshader' } })).toBe('swiftshader');
  expect(softwareAdapter({ info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15)' } })).toBe('llvmpipe (LLVM 15)');
  expect(softwareAdapter({ info: { vendor: 'x' }, isFallbackAdapter: true })).toBe('x');
  expect(softwareAdapter({ info: { isFallbackAdapter: true } })).toBe('a fallback adapter');
  expect(softwareAdapter({ info: { vendor: 'nvidia', architecture: 'ampere' } })).toBeUndefined();
});
