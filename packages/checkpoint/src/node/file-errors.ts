import { GmlpError } from '@gmlp/base';

/** What the file system said, as one of our errors: which function, which file, why. */
export function fileError(where: string, path: string, cause: unknown, advice = ''): Error {
  if (GmlpError.isInstance(cause)) return cause; // says it all already
  if (cause instanceof RangeError) return cause; // too little memory is no fault of the file
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const problem = missing ? `${path} does not exist` : `${path}: ${(cause as Error).message}`;
  return new GmlpError(missing ? 'not-found' : 'io', `${where}: ${problem}${advice && `; ${advice}`}`, { path }, { cause });
}
