/** What the main thread and the thread of the device tell each other, besides the streams on ports of their own. */

import type { MessagePort } from 'node:worker_threads';
import type { EncodedError } from '@gmlp/base';
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { TrainingJob } from './training-job.ts';

export type ToDeviceThread =
  /** Events go to the port. */
  | { readonly kind: 'train'; readonly job: TrainingJob; readonly events: MessagePort }
  /** Finish the step under way, save, end. */
  | { readonly kind: 'stop' }
  /** Free the device and end the thread. */
  | { readonly kind: 'close' };

export type FromDeviceThread =
  | { readonly kind: 'ready'; readonly device: DeviceName; readonly passedOver: readonly DeviceVerdict[] }
  | { readonly kind: 'failed'; readonly error: EncodedError }
  /** Asks for batches on the port. */
  | { readonly kind: 'batches'; readonly part: 'training' | 'validation'; readonly first: number; readonly port: MessagePort }
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'evaluated'; readonly batches: number };
