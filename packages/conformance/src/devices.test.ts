/**
 * The device suite on the devices of Node. GPUs run where VK_DRIVER_FILES names a Vulkan driver, or Chromium's SwiftShader
 * is found (tooling/swiftshader.ts); TensorFlow's library where it is installed or GMLP_TFJS_NODE names it.
 */
import { basename } from 'node:path';
import { type Device, type DeviceName, openDevice, ortWebgpu } from '@gmlp/devices/node';
import { skippedWithoutVulkan, vulkan } from '@gmlp/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openWholly } from './checked-device.ts';
import { deviceChecks } from './device-checks.ts';
import type { OpErrors } from './op-errors.ts';
import { recordSupport } from './support-table.ts';

const gpu = vulkan ? '' : skippedWithoutVulkan;

/** Why TensorFlow's library is left out; empty when it is not. */
async function tfjsNodeSkipped(): Promise<string> {
  try {
    await (await openDevice('tfjs-node')).dispose();
    return '';
  } catch (error) {
    return `(skipped: ${(error as Error).message})`;
  }
}

const skipped: Partial<Record<DeviceName, string>> = {
  'tfjs-cpu': '',
  'tfjs-wasm': '',
  'ort-cpu': '',
  'ort-webgpu': gpu,
  'tfjs-webgpu': gpu,
  'tfjs-node': await tfjsNodeSkipped(),
};

const open = (name: DeviceName): Promise<Device> => openWholly(name, { openDevice, ortWebgpu });

const machine = (name: DeviceName): string => {
  const driver = name.endsWith('webgpu') ? [basename(process.env['VK_DRIVER_FILES']!, '.json')] : [];
  return [`Node ${process.versions.node}`, `${process.platform} ${process.arch}`, ...driver].join(', ');
};

let reference: Device;
beforeAll(async () => {
  reference = await open('tfjs-cpu');
});
afterAll(() => reference.dispose());

describe.each(Object.entries(skipped) as [DeviceName, string][])('%s', (name, reason) => {
  if (reason !== '') {
    it.skip(`every check ${reason}`);
    return;
  }
  let device: Device;
  beforeAll(async () => {
    device = await open(name);
  });
  afterAll(() => device.dispose());

  const found: OpErrors[] = [];
  it.each(deviceChecks)('$name', ({ run }) =>
    run({ device, reference, openAnother: () => open(name) }, (errors) => found.push(errors)),
  );
  it('the table of support in the documentation is of these ops', () => recordSupport('node', name, machine(name), found));
});
