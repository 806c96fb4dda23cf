/** Needs a Vulkan driver: that of a GPU, or Chromium's SwiftShader (tooling/swiftshader.ts). */
import { expect, it } from 'vitest';
import { measureDispatches } from './dispatches.ts';

const gpu = !!process.env['VK_DRIVER_FILES'];
const why = gpu
  ? ''
  : ' (skipped without a Vulkan driver: chromium and libvulkan1 are not installed, and VK_DRIVER_FILES names none)';

it.skipIf(!gpu)(
  `our kernels take a third of the dispatches and half of the bytes at most, AdamW one dispatch a tensor${why}`,
  async () => {
    const { composed, fused, optimiserPerTensor } = await measureDispatches(2, () => {});
    expect(fused.step.dispatches / composed.step.dispatches).toBeLessThanOrEqual(1 / 3);
    expect(fused.step.bytes / composed.step.bytes).toBeLessThanOrEqual(1 / 2);
    expect(optimiserPerTensor).toBeLessThanOrEqual(1);
  },
);
