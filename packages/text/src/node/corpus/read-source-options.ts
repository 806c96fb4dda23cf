/** What every reader of a shard heeds. */
import type { HttpOptions } from '@gmlp/base/node';
import type { OnBadRecord } from '../bad-records.ts';

export interface ReadSourceOptions {
  readonly onBadRecord: OnBadRecord;
  readonly onBytes?: ((reached: number, size: number) => void) | undefined;
  readonly http?: HttpOptions | undefined;
}
