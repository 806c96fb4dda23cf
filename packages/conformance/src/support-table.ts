/**
 * The committed table of what each device computes and how exactly, docs/measurements/support.json: a column a device. A run of
 * the suite replaces the columns of the devices that it ran when GMLP_WRITE_SUPPORT is set, and else compares with them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { OpErrors } from './op-errors.ts';

interface Column {
  /** Where it was measured. */
  readonly on: string;
  readonly ops: Readonly<Record<string, Omit<OpErrors, 'op'>>>;
}

type Place = 'node' | 'browser';
type Table = Partial<Record<Place, Record<string, Column>>>;

const file = new URL('../../../docs/measurements/support.json', import.meta.url);
const readTable = (): Table => JSON.parse(readFileSync(file, 'utf8')) as Table;

/** Which ops have a value and a gradient on a device; the errors themselves differ from machine to machine. */
const measured = (ops: Column['ops']): string[] =>
  Object.entries(ops).map(([op, errors]) => `${op}: ${Object.keys(errors).join(' and ')}`);

/** `found` is what all checks of ops recorded on one device, `on` the machine. */
export function recordSupport(place: Place, device: string, on: string, found: readonly OpErrors[]): void {
  const round = (error: number): number => Number(error.toPrecision(2));
  const ops = Object.fromEntries(
    found.map(({ op, forward, gradient }) => [
      op,
      { forward: round(forward), ...(gradient !== undefined && { gradient: round(gradient) }) },
    ]),
  );
  const table = readTable();
  if (process.env['GMLP_WRITE_SUPPORT']) {
    const next: Table = { ...table, [place]: { ...table[place], [device]: { on, ops } } };
    writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
    return;
  }
  const stale = `docs/measurements/support.json is stale: set GMLP_WRITE_SUPPORT=1 and run this again`;
  expect(measured(table[place]?.[device]?.ops ?? {}), stale).toEqual(measured(ops));
}
