/** The page of all commands with their arguments and options, from the program itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { leafCommands } from '../../apps/trainer/src/leaf-commands.ts';
import { createProgram } from '../../apps/trainer/src/program.ts';
import { cell } from './table-cell.mjs';

export function writeCommandsPage() {
  mkdirSync(new URL('../reference', import.meta.url), { recursive: true });
  writeFileSync(new URL('../reference/commands.md', import.meta.url), commandsPage());
}

function commandsPage() {
  const nothing = { write: () => true };
  const surroundings = {
    stdout: nothing,
    stderr: nothing,
    stdin: [],
    env: {},
    signal: new AbortController().signal,
    now: () => 0,
  };
  const program = createProgram(surroundings);
  const commands = leafCommands(program).filter(({ command }) => !command._hidden);
  return `# Commands

What \`gmlp --help\` and \`gmlp <command> --help\` print, of this version. In a clone of the repository the program is \`pnpm gmlp\`, where the
packages are installed \`npx gmlp\`. It ends with 0, with 1 after an error, with 2 when it was used wrongly. Of every command \`--debug\` shows where an
error comes from.

| command | what it does |
|---|---|
${commands.map(({ name, command }) => `| [\`${name}\`](#${name.replaceAll(' ', '-')}) | ${cell(command.description())} |`).join('\n')}

${commands.map(section).join('\n\n')}
`;
}

function section({ name, command }) {
  const help = command.createHelp();
  const given = help
    .visibleArguments(command)
    .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)]);
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--debug' && long !== '--help')
    .map((option) => [help.optionTerm(option), help.optionDescription(option).replace(' (default: [])', '')]);
  return [
    `## ${name}`,
    sentence(command.description()),
    `\`\`\`text\n${help.commandUsage(command)}\n\`\`\``,
    table('argument', given),
    table('option', options),
    afterHelp(command),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

function table(title, rows) {
  if (rows.length === 0) return '';
  return `| ${title} | |\n|---|---|\n${rows.map(([term, text]) => `| \`${term.replaceAll('|', '\\|')}\` | ${cell(text)} |`).join('\n')}`;
}

/** What a command prints behind its options: examples. */
function afterHelp(command) {
  let printed = '';
  command.configureOutput({ writeOut: (text) => (printed += text) }).outputHelp();
  const rest = printed.slice(command.helpInformation().length).trim();
  return rest === '' ? '' : `\`\`\`text\n${rest}\n\`\`\``;
}
