import type { Opener } from '../opener.ts';
import { openTfjsWebgpu } from '../tfjs-webgpu.ts';
import { expectAdapter, softwareGpu } from './gpu.ts';

export const tfjsWebgpu: Opener = {
  name: 'tfjs-webgpu',
  packages: ['@tensorflow/tfjs-backend-webgpu'],
  software: softwareGpu,
  async probe() {
    await expectAdapter();
    await import('@tensorflow/tfjs-backend-webgpu');
  },
  open: openTfjsWebgpu,
};
