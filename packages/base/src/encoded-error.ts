/** Errors as plain data, so that what is thrown in one thread is the same error in another: class, code, fields and stack. */
import { type ErrorCode, type ErrorFields, GmlpError } from './errors.ts';

export interface EncodedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly fields?: ErrorFields | undefined;
  readonly cause?: EncodedError | undefined;
}

export function encodeError(error: unknown): EncodedError {
  if (!(error instanceof Error || GmlpError.isInstance(error))) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...(GmlpError.isInstance(error) && { code: error.code, fields: plainFields(error.fields) }),
    ...(cause !== undefined && { cause: encodeError(cause) }),
  };
}

export function decodeError({ name, message, stack, code, fields, cause }: EncodedError): Error {
  const options = cause === undefined ? {} : { cause: decodeError(cause) };
  const error = code === undefined ? new Error(message, options) : new GmlpError(code as ErrorCode, message, fields, options);
  if (code === undefined) Object.defineProperty(error, 'name', { value: name });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** What cannot be copied to another thread is told as text. */
function plainFields(fields: ErrorFields): ErrorFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      try {
        return [name, structuredClone(value)];
      } catch {
        return [name, String(value)];
      }
    }),
  );
}
