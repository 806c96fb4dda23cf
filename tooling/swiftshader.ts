/** The GPU of tests on a machine without one: SwiftShader, the Vulkan driver in software that Debian's chromium brings. */
import { existsSync } from 'node:fs';

const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Names SwiftShader as Vulkan's driver where it can be loaded, unless VK_DRIVER_FILES is set, to another driver or to nothing. */
export function swiftshader(): { readonly VK_DRIVER_FILES?: string } {
  if (process.env['VK_DRIVER_FILES'] !== undefined || !existsSync(driver) || !hasVulkan()) return {};
  return { VK_DRIVER_FILES: driver };
}

function hasVulkan(): boolean {
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
    return true;
  } catch (error) {
    return /did not self-register/.test((error as Error).message); // it was found, and is no module of Node
  }
}
