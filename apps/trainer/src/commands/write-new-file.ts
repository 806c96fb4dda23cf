import { existsSync } from 'node:fs';
import { GmlpError } from '@gmlp/base';
import type { Io } from '../io.ts';

/** An edited recipe is never lost to a command that was typed twice. */
export async function writeNewFile(path: string, text: string, { signal }: Pick<Io, 'signal'>): Promise<void> {
  const { writeFileAtomically } = await import('@gmlp/checkpoint/node');
  if (existsSync(path))
    throw new GmlpError('invalid-argument', `recipes: ${path} is there already; choose another --out, or remove it`, { path });
  await writeFileAtomically(path, text, { signal });
}
