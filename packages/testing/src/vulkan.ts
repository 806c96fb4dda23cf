/** Whether tests have a GPU in Node: a Vulkan driver that is named, as tooling/swiftshader.ts does for all tests where it finds one. */
export const vulkan: boolean = !!process.env['VK_DRIVER_FILES'];

export const skippedWithoutVulkan =
  '(skipped without a Vulkan driver: chromium and libvulkan1 are not installed, and VK_DRIVER_FILES names none)';
