/** What can be typed, read off the program's own definition: commands, their options, the words that these take. */
import type { Command } from 'commander';

export interface OptionRow {
  /** `--device` */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values it takes, if there are such. */
  readonly choices: readonly string[];
}

export interface CommandRow {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionRow[];
  /** Words that may stand as its first argument, beside files. */
  readonly words: readonly string[];
}

/** `words` gives by command what is known by name: recipes, models. */
export function commandTable(program: Command, words: Readonly<Record<string, readonly string[]>>): readonly CommandRow[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [command, ...command.commands].flatMap(({ options }) =>
      options.map(({ long, description, required, optional, argChoices = [] }) => ({
        name: long!,
        description,
        takesValue: required || optional,
        choices: argChoices,
      })),
    ),
    words: words[command.name()] ?? command.commands.map((each) => each.name()),
  }));
}
