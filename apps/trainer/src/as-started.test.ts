import { Command } from 'commander';
import { expect, it } from 'vitest';
import { asStarted, commandName } from './as-started.ts';

it.each([
  [{}, 'gmlp'],
  [{ npm_command: 'exec', npm_lifecycle_event: 'npx' }, 'npx gmlp'],
  [{ npm_command: 'run-script', npm_lifecycle_event: 'gmlp' }, 'gmlp'],
  [{ npm_command: 'exec', npm_lifecycle_event: 'npx', GMLP_COMMAND: 'pnpm gmlp' }, 'pnpm gmlp'],
])('%j was started by %s', (env, name) => {
  expect(commandName(env)).toBe(name);
});

it('commands are renamed, and nothing else', () => {
  const program = new Command('gmlp');
  const named = (text: string): string => asStarted(text, program, { GMLP_COMMAND: 'pnpm gmlp' });
  program.command('train');
  program.command('runs');
  expect(named('go on with\n  gmlp train --resume, or `gmlp runs`')).toBe(
    'go on with\n  pnpm gmlp train --resume, or `pnpm gmlp runs`',
  );
  for (const other of ['this gmlp reads version 1', 'gmlp training', 'a/gmlp train', 'pnpm-gmlp train', '@gmlp/text'])
    expect(named(other)).toBe(other);
});
