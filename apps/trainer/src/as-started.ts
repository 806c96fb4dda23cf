/**
 * Hints name commands as `gmlp train`; people start them in other ways: by a script in a clone of the repository, through npx.
 * What reaches a terminal says it as they do, so that a hint can be typed as it stands.
 */
import type { Command } from 'commander';
import type { Io } from './io.ts';

/** What comes before the arguments: `gmlp`, `npx gmlp`, or what the script of a clone says in GMLP_COMMAND. */
export function commandName({ GMLP_COMMAND, npm_command, npm_lifecycle_event }: Io['env']): string {
  if (GMLP_COMMAND) return GMLP_COMMAND;
  return npm_command === 'exec' && npm_lifecycle_event === 'npx' ? 'npx gmlp' : 'gmlp';
}

/** The text with each command of the program named as the program was started. */
export function asStarted(text: string, program: Command, env: Io['env']): string {
  const names = program.commands.map((command) => command.name()).join('|');
  return text.replace(new RegExp(`(?<![\\w./\\\\-])gmlp (?=(?:${names})\\b|--|\\[)`, 'g'), () => `${commandName(env)} `);
}
