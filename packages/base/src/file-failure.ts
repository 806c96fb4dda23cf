import { GmlpError } from './errors.ts';

/** What helps, by the code of the system's error. */
const advice: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is gone or was never made',
  ENOSPC: 'free some space on that disk',
  EDQUOT: 'your share of that disk is used up: free some space',
  EFBIG: 'the file system takes no larger file: choose a folder on another one',
  EIO: 'the disk or the connection to it failed: check it, or choose a folder on another one',
  EROFS: 'that disk cannot be written: choose a folder on another one',
  EACCES: 'choose a folder that you may write in',
  EPERM: 'choose a folder that you may write in',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
};

/**
 * What the file system said when a file or folder was to be written, as an error of code `io` that names the file and says what
 * to do. An error that is one of ours already is given back as it is.
 */
export function fileFailure(path: string, cause: unknown): GmlpError {
  if (GmlpError.isInstance(cause)) return cause;
  const { code, message } = cause as { readonly code?: string; readonly message: string };
  const help = advice[code ?? ''];
  return new GmlpError('io', `cannot write ${path}: ${message}${help === undefined ? '' : `; ${help}`}`, { path }, { cause });
}
