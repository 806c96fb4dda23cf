import { InvalidArgumentError } from 'commander';

/** Reads an option's value; anything but a number is wrong usage. */
export function decimalNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}
