/** What went wrong, for code that reacts to it. People read the message. */
export type ErrorCode =
  | 'invalid-argument' // a value outside what a function takes
  | 'invalid-config' // a configuration that does not pass its schema
  | 'shape-mismatch' // a tensor, file or batch of another shape or dtype than expected
  | 'name-mismatch' // missing or unexpected parameter names
  | 'invalid-data' // a file or stream whose content is broken
  | 'unsupported-version' // written by a newer version of gmlp
  | 'version-conflict' // two versions of TensorFlow.js in one process
  | 'not-found' // a file, variant or option that does not exist
  | 'unsupported-kernel' // a TF.js kernel that a device or the compiler lacks
  | 'trace-read' // a tensor's value was read while its function was traced
  | 'disposed' // a donated or disposed tensor, or a closed device, was used
  | 'device-unavailable' // a device that does not work on this machine
  | 'device-lost' // a device that went away while it was open; what was on it is gone
  | 'out-of-memory' // the device's memory was not enough
  | 'device-failure' // the device refused what it was told to compute
  | 'numerical' // NaN or infinity where a number was needed
  | 'io' // the file system said no
  | 'aborted'; // stopped from outside

export type ErrorFields = Readonly<Record<string, unknown>>;

// Symbol.for: two copies of this package in one process still recognise each other's errors.
const marker: unique symbol = Symbol.for('gmlp.error') as never;

/**
 * The one error class of gmlp. The message opens with the name of the function and a colon, `readC4: `, then says what was
 * expected, what came, and what to do, in words that need no knowledge of the code; `code` and `fields` carry the same for programs.
 */
export class GmlpError extends Error {
  override readonly name: string = 'GmlpError';
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.fields = fields;
    Object.defineProperty(this, marker, { value: true });
  }

  static isInstance(value: unknown): value is GmlpError {
    return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
  }
}

/** What an error says to people who call no functions: its message without the name of the function that opens it. */
export function plainMessage(error: unknown): string {
  if (GmlpError.isInstance(error)) return error.message.replace(/^[a-z][A-Za-z0-9]*: /, '');
  return error instanceof Error ? error.message : String(error);
}
