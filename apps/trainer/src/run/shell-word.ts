/** A path as one word for the shell: a command that is printed can be typed as it stands, whatever a folder is called. */
import { platform } from 'node:os';

export function shellWord(path: string, system: string = platform()): string {
  // A word that begins with a dash would be taken for an option.
  const named = path.startsWith('-') ? `./${path}` : path;
  if (system === 'win32') return /^[\w./:\\-]+$/.test(named) ? named : `"${named}"`;
  return /^[\w./:-]+$/.test(named) ? named : `'${named.replaceAll("'", "'\\''")}'`;
}
