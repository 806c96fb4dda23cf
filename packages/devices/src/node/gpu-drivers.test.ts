import { afterEach, expect, it, vi } from 'vitest';
import { expectGpu, noAdapter, softwareDriver } from './gpu-drivers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it.each([
  ['/usr/lib/chromium/vk_swiftshader_icd.json', 'vk_swiftshader_icd.json'],
  ['/usr/share/vulkan/icd.d/lvp_icd.x86_64.json', 'lvp_icd.x86_64.json'],
  ['/usr/share/vulkan/icd.d/nvidia_icd.json', undefined],
  ['', undefined],
])('a Vulkan driver of software is known by its file: %s', (file, software) => {
  vi.stubEnv('VK_DRIVER_FILES', file);
  vi.stubEnv('VK_ICD_FILENAMES', '');
  expect(softwareDriver()).toBe(software);
});

it('a driver that is named and not there is told', () => {
  vi.stubEnv('VK_DRIVER_FILES', '/nowhere/driver.json');
  expect(() => expectGpu()).toThrow('no Vulkan driver: /nowhere/driver.json (VK_DRIVER_FILES) does not exist');
});

it.runIf(process.platform === 'linux')('the library of Vulkan itself is told when it is missing, and how it is installed', () => {
  vi.stubEnv('VK_DRIVER_FILES', import.meta.filename);
  const load = vi.spyOn(process, 'dlopen').mockImplementation((_, name) => {
    throw new Error(`${name}: cannot open shared object file: No such file or directory`);
  });
  expect(() => expectGpu()).toThrow(
    expect.objectContaining({
      code: 'device-unavailable',
      message: expect.stringContaining('no Vulkan: libvulkan.so.1 is not installed'),
      fields: expect.objectContaining({ fix: expect.stringContaining('apt install libvulkan1') }),
    }),
  );
  load.mockImplementation((_, name) => {
    throw new Error(`Module did not self-register: '${name}'.`);
  });
  expect(() => expectGpu()).not.toThrow();
});

it('a driver without what WebGPU needs comes with advice', () => {
  expect(noAdapter().fields).toMatchObject({ fix: expect.stringContaining('driver') });
});
