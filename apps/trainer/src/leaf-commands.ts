import type { Command } from 'commander';

/** The commands that do something, by all that is typed of their names: `eval`, `data inspect`. */
export function leafCommands(program: Command, before = ''): { readonly name: string; readonly command: Command }[] {
  return program.commands.flatMap((command) => {
    const name = `${before}${command.name()}`;
    return command.commands.length === 0 ? [{ name, command }] : leafCommands(command, `${name} `);
  });
}
