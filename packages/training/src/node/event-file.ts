/**
 * TensorBoard's event files: what `tensorboard --logdir runs` reads. A file is a row of records,
 *
 *   length uint64 | checksum of the length uint32 | message | checksum of the message uint32       all little-endian
 *
 * each message an `Event` of tensorboard/compat/proto/event.proto with a wall time, a step and named numbers. Records are
 * appended whole, so that a killed run leaves a readable file; a run that goes on begins another file in the same folder.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import Pbf from 'pbf';
import { openAppendedFile } from './appended-file.ts';

export interface EventFile {
  readonly path: string;
  /**
   * Appends one event: the step's figures by name. NaN is left out; infinity is a figure, and so is what float32 has no room for. After
   * one that could not be written there are no more.
   */
  write(step: number, figures: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

export interface EventFileOptions {
  /** The first step of a run that goes on: TensorBoard forgets what earlier files say of it and of later steps. */
  readonly from?: number;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

let opened = 0;

export async function openEventFile(
  folder: string,
  { from, now = () => Date.now() / 1000 }: EventFileOptions = {},
): Promise<EventFile> {
  const name = `events.out.tfevents.${Math.floor(now())}.${hostname()}.${process.pid}.${opened++}`;
  const path = join(folder, name);
  const file = await openAppendedFile(path, { flags: 'wx', flush: false });
  const head = [record(event(now(), (pbf) => pbf.writeStringField(3, 'brain.Event:2')))];
  if (from !== undefined) {
    const begin = (pbf: Pbf): void => {
      pbf.writeVarintField(2, from);
      pbf.writeMessage(7, (_, log) => log.writeVarintField(1, 1), undefined); // SessionLog: START
    };
    head.push(record(event(now(), begin)));
  }
  await file.append(Buffer.concat(head)).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return {
    path,
    write(step, figures) {
      const numbers = Object.entries(figures).filter(([, value]) => !Number.isNaN(value));
      const summary = (pbf: Pbf): void => {
        pbf.writeVarintField(2, step);
        pbf.writeMessage(5, writeSummary, numbers);
      };
      return file.append(record(event(now(), summary)));
    },
    close: file.close,
  };
}

function event(wallTime: number, write: (pbf: Pbf) => void): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, wallTime);
  write(pbf);
  return pbf.finish();
}

function writeSummary(figures: readonly [string, number][], pbf: Pbf): void {
  for (const figure of figures) {
    pbf.writeMessage(
      1,
      ([tag, value]: [string, number], message) => {
        message.writeStringField(1, tag);
        message.writeFloatField(2, value);
      },
      figure,
    );
  }
}

function record(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + message.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedChecksum(message), true);
  return bytes;
}

/** CRC-32C (Castagnoli), reflected: one entry for each value of a byte. */
const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
  return remainder;
});

/** The checksum as the format stores it: rotated and offset, since a checksum of data that holds one is weak. */
function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
