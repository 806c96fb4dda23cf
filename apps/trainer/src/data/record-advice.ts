import { GmlpError } from '@gmlp/base';

/** What a reader says of its own option is here one of the command. */
export function recordAdvice(error: unknown): unknown {
  if (!GmlpError.isInstance(error)) return error;
  const message = error.message
    .replace(/or read with onBadRecord: 'skip' to leave/, 'or leave')
    .replace(/(leave such records out)$/, '$1 with --on-bad skip');
  return message === error.message ? error : new GmlpError(error.code, message, error.fields, { cause: error });
}
