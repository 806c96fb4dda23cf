import type { DeviceName } from '@gmlp/devices';
import { expect, it } from 'vitest';
import { startDeviceThread } from './device-thread.ts';

it('a device that cannot be opened in the thread is the same error here', async () => {
  await expect(startDeviceThread('abacus' as DeviceName)).rejects.toMatchObject({
    name: 'GmlpError',
    code: 'not-found',
    message: expect.stringContaining('no device is called abacus; there are ort-cuda'),
  });
});
