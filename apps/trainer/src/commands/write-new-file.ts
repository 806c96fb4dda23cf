import { existsSync } from 'node:fs';
import { GmlpError } from '@gmlp/base';
import type { Io } from '../io.ts';

/** What is there is never lost to a command that was typed twice. */
export async function writeNewFile(path: string, text: string, { signal }: Pick<Io, 'signal'>): Promise<void> {
  const { writeFileAtomically } = await import('@gmlp/checkpoint/node');
  expectNewFile(path);
  await writeFileAtomically(path, text, { signal });
}

/** For those who work for long before they write. */
export function expectNewFile(path: string): void {
  if (!existsSync(path)) return;
  throw new GmlpError('invalid-argument', `writeNewFile: ${path} is there already; choose another --out, or remove it`, { path });
}
