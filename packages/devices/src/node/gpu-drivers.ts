/** What can be known of a machine's GPU before a library looks for it: they print pages when there is none. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter } from 'node:path';
import type { GmlpError } from '@gmlp/base';
import { softwareNames } from '../adapter.ts';
import { unavailable } from '../opener.ts';

const named = (): string[] => {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env;
  return (VK_DRIVER_FILES ?? VK_ICD_FILENAMES ?? '').split(delimiter).filter((file) => file !== '');
};

/** The software that Vulkan is told to take for a GPU by VK_DRIVER_FILES, if it is. */
export function softwareDriver(): string | undefined {
  const files = named();
  return files.length > 0 && files.every((file) => softwareNames.test(basename(file))) ? basename(files[0]!) : undefined;
}

export function noAdapter(): GmlpError {
  return unavailable(
    'WebGPU has no adapter here: the driver of the GPU offers no Vulkan, Metal or Direct3D 12',
    process.platform === 'linux' ? 'apt install mesa-vulkan-drivers, or the driver of its maker' : 'update the driver of the GPU',
  );
}

/** Throws where Linux has no Vulkan, or shows no GPU and none is named; other systems know best themselves. */
export function expectGpu(): void {
  const files = named();
  const missing = files.filter((file) => !existsSync(file));
  if (files.length > 0 && missing.length === files.length) {
    throw unavailable(`no Vulkan driver: ${missing.join(', ')} (VK_DRIVER_FILES) does not exist`, 'unset VK_DRIVER_FILES');
  }
  if (process.platform !== 'linux') return;
  if (files.length === 0 && !showsGpu()) {
    throw unavailable(
      'no GPU: Linux shows none in /dev/dri or /dev',
      'VK_DRIVER_FILES=<driver>.json gmlp devices, if a Vulkan driver is installed elsewhere',
    );
  }
  expectVulkan();
}

function showsGpu(): boolean {
  const nodes = ['/dev/dri', '/dev'].flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  return nodes.some((node) => /^(renderD|nvidia\d|dxg$|mali|kgsl)/.test(node));
}

/** Dawn and ONNX Runtime load it by this name, and say nothing of it in their errors. */
function expectVulkan(): void {
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1'); // as it is no module of Node, this ends in an error also where it is found
  } catch (error) {
    if (!/cannot open shared object|Error loading shared library/.test((error as Error).message)) return;
    throw unavailable('no Vulkan: libvulkan.so.1 is not installed', 'apt install libvulkan1, or the package of your system');
  }
}
