import { GmlpError } from '@gmlp/base';

/** What the file system said, as one of our errors: which function, which file, why. */
export function fileError(where: string, path: string, cause: unknown, advice = ''): GmlpError {
  if (GmlpError.isInstance(cause)) return cause; // says it all already
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const problem = missing ? `${path} does not exist` : `${path}: ${(cause as Error).message}`;
  return new GmlpError(missing ? 'not-found' : 'io', `${where}: ${problem}${advice && `; ${advice}`}`, { path }, { cause });
}
