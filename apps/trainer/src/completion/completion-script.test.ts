import { spawnSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { commandTable } from './command-table.ts';
import { completionScript, shells } from './completion-script.ts';

function table() {
  const program = new Command('gmlp');
  program
    .command('train')
    .description("a recipe's run: begun")
    .addOption(new Option('--device <name>', 'where').choices(['auto', 'ort-cpu']))
    .option('--out <folder>', 'it [goes]')
    .option('--json', 'as JSON');
  program.command('runs').description('list').option('--json', 'as JSON');
  return commandTable(program, { train: ['sotu', 'c4-base'] });
}

const missing = (shell: string): boolean => spawnSync(shell, ['--version']).error !== undefined;

it.skipIf(missing('bash'))('bash completes commands, options, their values, names and files (skipped without bash)', () => {
  const script = completionScript('bash', 'gmlp', table());
  const complete = (...words: string[]): string[] => {
    const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _gmlp; printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${asked}`], { encoding: 'utf8', cwd: '/' });
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };
  expect(complete('gmlp', '')).toEqual(['train', 'runs']);
  expect(complete('gmlp', 'tr')).toEqual(['train']);
  expect(complete('gmlp', 'train', '--')).toEqual(['--device', '--out', '--json']);
  expect(complete('gmlp', 'runs', '--')).toEqual(['--json']);
  expect(complete('gmlp', 'train', '--device', '')).toEqual(['auto', 'ort-cpu']);
  expect(complete('gmlp', 'train', 'so')).toEqual(['sotu']);
  expect(complete('gmlp', 'train', '--out', 'et')).toEqual(['etc']);
});

it.each(['zsh', 'fish'] as const)('what %s is given is a script of it', (shell) => {
  const script = completionScript(shell, 'gmlp', table());
  for (const word of ['train', 'runs', 'device', 'ort-cpu', 'sotu', 'c4-base']) expect(script).toContain(word);
  if (missing(shell)) return;
  const { status, stderr } = spawnSync(shell, ['-n', '-c', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('the program completes what it has, also an option that was added a moment ago', async () => {
  for (const shell of shells) {
    const { code, out, err } = await runCommand(['completion', shell]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of ['fill-mask', 'completion', 'quiet', 'ort-webgpu', 'sotu', 'gmlp_xlarge']) expect(out).toContain(word);
  }
});
