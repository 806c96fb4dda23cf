/** Needs a Vulkan driver; without a GPU, Chromium's SwiftShader: VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json. */
import { expect, it } from 'vitest';
import { measureDispatches } from './dispatches.ts';

it.skipIf(!process.env['VK_DRIVER_FILES'])(
  'our kernels take a third of the dispatches and half of the bytes at most, AdamW one dispatch a tensor (skipped unless VK_DRIVER_FILES names a Vulkan driver)',
  async () => {
    const { composed, fused, optimiserPerTensor } = await measureDispatches(2, () => {});
    expect(fused.step.dispatches / composed.step.dispatches).toBeLessThanOrEqual(1 / 3);
    expect(fused.step.bytes / composed.step.bytes).toBeLessThanOrEqual(1 / 2);
    expect(optimiserPerTensor).toBeLessThanOrEqual(1);
  },
);
