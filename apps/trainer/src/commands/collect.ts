import { InvalidArgumentError } from 'commander';

/** Takes `--set path=value`, which may be repeated. */
export function collect(setting: string, before: readonly string[] = []): string[] {
  if (!setting.includes('=')) throw new InvalidArgumentError('Expected path=value.');
  return [...before, setting];
}
