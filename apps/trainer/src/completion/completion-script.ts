/** Scripts that make a shell complete what stands in a table of commands: names, options, the values of options, else files. */
import type { CommandRow } from './command-table.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, program: string, table: readonly CommandRow[]): string {
  return { bash, zsh, fish }[shell](program, table);
}

/** Text in the single quotes of bash and zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(program: string, table: readonly CommandRow[]): string {
  const values = table.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map((option) => `    ${name},${option.name}) words=${quoted(option.choices.join(' '))} ;;`),
  );
  const files = table.flatMap(({ name, options }) =>
    options.filter(({ takesValue, choices }) => takesValue && choices.length === 0).map((option) => `${name},${option.name}`),
  );
  const options = table.map((row) => `    ${row.name}) words=${quoted(row.options.map(({ name }) => name).join(' '))} ;;`);
  const named = table
    .filter(({ words }) => words.length > 0)
    .map((row) => `    ${row.name}) words=${quoted(row.words.join(' '))} ;;`);
  return `# ${program} completion bash
_${program}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(table.map(({ name }) => name).join(' '))} -- "$word"))
    return
  fi
  case $command,$before in
${values.join('\n')}
    ${files.join(' | ')})
      COMPREPLY=($(compgen -f -- "$word"))
      return ;;
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    return
  fi
  case $word in
  -*)
    case $command in
${options.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
  *)
    case $command in
${named.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _${program} ${program}
`;
}

function zsh(program: string, table: readonly CommandRow[]): string {
  const described = (name: string, text: string): string => quoted(`${name}:${text.replaceAll(':', '\\:')}`);
  const commands = table.map(({ name, description }) => `    ${described(name, description)}`);
  const cases = table.map(({ name, options, words }) => {
    const specs = options.map((option) => {
      const text = option.description.replace(/[[\]:]/g, '\\$&');
      const value = option.takesValue ? `:value:${option.choices.length > 0 ? `(${option.choices.join(' ')})` : '_files'}` : '';
      return quoted(`*${option.name}[${text}]${value}`);
    });
    const first = words.length > 0 ? [quoted(`1:name:_alternative "names:name:(${words.join(' ')})" "files:file:_files"`)] : [];
    return `    ${name}) _arguments ${[...specs, ...first, quoted('*:file:_files')].join(' \\\n      ')} ;;`;
  });
  return `#compdef ${program}
# ${program} completion zsh
_${program}() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _${program} ${program}
`;
}

function fish(program: string, table: readonly CommandRow[]): string {
  // Fish knows two escapes inside of single quotes.
  const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = table.flatMap(({ name, description, options, words }) => {
    const within = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${text(description)}`,
      ...options.map((option) => {
        const values = option.choices.length > 0 ? ` -x -a ${text(option.choices.join(' '))}` : option.takesValue ? ' -r' : '';
        return `${within} -l ${option.name.replace(/^--/, '')} -d ${text(option.description)}${values}`;
      }),
      ...(words.length > 0 ? [`${within} -a ${text(words.join(' '))}`] : []),
    ];
  });
  return `# ${program} completion fish\n${lines.join('\n')}\n`;
}
