/** Needs a Vulkan driver: that of a GPU, or Chromium's SwiftShader (tooling/swiftshader.ts). */
import { skippedWithoutVulkan, vulkan } from '@gmlp/testing';
import { expect, it } from 'vitest';
import { measureDispatches } from './dispatches.ts';

it.skipIf(!vulkan)(
  `our kernels take a third of the dispatches and half of the bytes at most, AdamW one dispatch a tensor and two for its clock ${vulkan ? '' : skippedWithoutVulkan}`,
  async () => {
    const { composed, fused, parameterTensors } = await measureDispatches(2, () => {});
    expect(fused.step.dispatches / composed.step.dispatches).toBeLessThanOrEqual(1 / 3);
    expect(fused.step.bytes / composed.step.bytes).toBeLessThanOrEqual(1 / 2);
    expect(fused.optimiser.dispatches).toBeLessThanOrEqual(parameterTensors + 2);
  },
);
