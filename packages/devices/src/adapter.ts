/** WebGPU's adapters: is there one, and is it a real GPU? */

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

export interface Adapter {
  readonly info?: AdapterInfo;
  readonly isFallbackAdapter?: boolean;
}

export interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

/** Names by which software that plays a GPU calls itself. */
export const softwareNames: RegExp = /swiftshader|llvmpipe|lavapipe|\blvp|softpipe|warp|basic render/i;

/** The name of the software that an adapter is, or undefined for a real GPU. */
export function softwareAdapter(adapter: Adapter): string | undefined {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const names = [description, architecture, device, vendor].filter((name): name is string => !!name);
  const software = names.find((name) => softwareNames.test(name));
  if (software !== undefined) return software;
  return isFallbackAdapter || adapter.isFallbackAdapter ? (names[0] ?? 'a fallback adapter') : undefined;
}
