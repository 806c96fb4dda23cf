import { inOrder, type ResultPlaces } from './ort-runtime.ts';

/** What every session on ONNX Runtime's WebGPU is made with, in Node and in the browser. */
export interface WebgpuSessionOptions {
  readonly executionProviders: ['webgpu'];
  readonly graphOptimizationLevel: 'basic';
  readonly logSeverityLevel: 3;
  readonly preferredOutputLocation?: Record<string, 'cpu' | 'gpu-buffer'>;
  readonly extra: { readonly session: { readonly use_deterministic_compute: '1'; readonly disable_cpu_ep_fallback?: '1' } };
}

/** With `wholly` a graph of which a node cannot run on the GPU is refused; it runs that node on the CPU otherwise. */
export function webgpuSessionOptions({
  places,
  wholly = false,
}: {
  readonly places?: ResultPlaces | undefined;
  readonly wholly?: boolean;
} = {}): WebgpuSessionOptions {
  return {
    executionProviders: ['webgpu'],
    graphOptimizationLevel: 'basic', // equal nodes become one: the coefficients of an update are the same for all parameters
    logSeverityLevel: 3,
    ...(places && { preferredOutputLocation: { ...places } }),
    extra: { session: { ...inOrder, ...(wholly && { disable_cpu_ep_fallback: '1' }) } },
  };
}
