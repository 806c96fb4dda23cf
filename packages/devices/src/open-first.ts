/** Opening a device by its name or by trial, the same for the openers of Node and those of the browser. */
import { GmlpError, plainMessage } from '@gmlp/base';
import type { Device, DeviceName } from './device.ts';
import { installCommand } from './install-command.ts';
import type { Opener } from './opener.ts';

export interface DeviceVerdict {
  readonly name: DeviceName;
  readonly available: boolean;
  /** Why it does not work here, or what holds it back; empty when nothing does. */
  readonly reason: string;
  /** The command that would help, when one is known. */
  readonly fix?: string;
  /** The name of the software that plays its GPU: slow, so that `auto` passes it over. */
  readonly software?: string;
}

export interface OpenOptions {
  /** Told of each device that `auto` looks at, in its order; the last is the one that it opens. */
  readonly onVerdict?: (verdict: DeviceVerdict) => void;
}

/** Opens a device; `auto` takes the first of the list that works and is no software GPU. */
export async function openFirst(
  openers: readonly Opener[],
  name: DeviceName | 'auto',
  { onVerdict }: OpenOptions = {},
): Promise<Device> {
  const candidates = name === 'auto' ? openers : openers.filter((opener) => opener.name === name);
  if (candidates.length === 0) {
    const known = openers.map((opener) => opener.name).join(', ');
    throw new GmlpError('not-found', `openDevice: no device is called ${String(name)}; there are ${known} and auto`);
  }
  const verdicts: DeviceVerdict[] = [];
  const note = (verdict: DeviceVerdict): void => {
    verdicts.push(verdict);
    onVerdict?.(verdict);
  };
  for (const opener of candidates) {
    const software = name === 'auto' ? await opener.software?.() : undefined;
    if (software !== undefined) {
      note({ name: opener.name, available: false, reason: `its GPU is software, ${software}`, software });
      continue;
    }
    const outcome = await attempt(opener, () => open(opener));
    if ('done' in outcome) {
      onVerdict?.(works(opener));
      return outcome.done;
    }
    note(outcome);
  }
  const reasons = verdicts.map((verdict) => `${verdict.name}: ${verdict.reason}${verdict.fix ? ` (${verdict.fix})` : ''}`);
  throw new GmlpError('device-unavailable', `openDevice: ${reasons.join('; ')}`, { verdicts });
}

/** What works here, and why the rest does not. */
export async function verdictsOn(openers: readonly Opener[]): Promise<DeviceVerdict[]> {
  const verdicts: DeviceVerdict[] = [];
  for (const opener of openers) {
    const outcome = await attempt(opener, opener.probe ?? (async () => (await opener.open()).dispose()));
    if (!('done' in outcome)) {
      verdicts.push(outcome);
      continue;
    }
    const software = await opener.software?.();
    const reason = `slow, as its GPU is software (${software}); auto passes it over`;
    verdicts.push(software === undefined ? works(opener) : { name: opener.name, available: true, reason, software });
  }
  return verdicts;
}

async function open(opener: Opener): Promise<Device> {
  await opener.probe?.();
  return opener.open();
}

function works({ name, remark }: Opener): DeviceVerdict {
  return { name, available: true, reason: '', ...remark?.() };
}

async function attempt<T>({ name, packages }: Opener, work: () => Promise<T>): Promise<{ readonly done: T } | DeviceVerdict> {
  try {
    return { done: await work() };
  } catch (error) {
    if (isMissing(error, packages)) {
      const reason = `${packages.join(' and ')} ${packages.length > 1 ? 'are' : 'is'} not installed`;
      return { name, available: false, reason, fix: installCommand(packages) };
    }
    const fix = GmlpError.isInstance(error) ? error.fields['fix'] : undefined;
    const reason = plainMessage(error).trim().split('\n')[0]!;
    return { name, available: false, reason, ...(typeof fix === 'string' && { fix }) };
  }
}

/** An import failed as one of the packages is not there: in Node by code, in browsers and bundles by message. */
function isMissing(error: unknown, packages: readonly string[]): boolean {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const byCode = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const byMessage = /module specifier|dynamically imported module|Cannot find (module|package)/.test(message ?? '');
  return (byCode || byMessage) && packages.some((name) => message?.includes(name));
}
