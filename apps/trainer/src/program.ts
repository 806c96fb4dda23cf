/** The `gmlp` command as a function of its arguments and its surroundings: what tests call, and what main.ts runs. */
import { GmlpError, plainMessage } from '@gmlp/base';
import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { asStarted } from './as-started.ts';
import { addCompletion } from './commands/completion.ts';
import { addData } from './commands/data.ts';
import { addDevices } from './commands/devices.ts';
import { addEval } from './commands/eval.ts';
import { examples } from './commands/examples.ts';
import { addExport } from './commands/export.ts';
import { addFillMask } from './commands/fill-mask.ts';
import { addFinetune } from './commands/finetune.ts';
import { addGenerate } from './commands/generate.ts';
import { addInit } from './commands/init.ts';
import { addInspect } from './commands/inspect.ts';
import { addModels } from './commands/models.ts';
import { addPredict } from './commands/predict.ts';
import { addQuickstart } from './commands/quickstart.ts';
import { addRecipes } from './commands/recipes.ts';
import { addReport } from './commands/report.ts';
import { addRestore } from './commands/restore.ts';
import { addRm } from './commands/rm.ts';
import { addRuns } from './commands/runs.ts';
import { addScore } from './commands/score.ts';
import { addTokenize } from './commands/tokenize.ts';
import { addTrain } from './commands/train.ts';
import { addWatch } from './commands/watch.ts';
import type { Io } from './io.ts';
import { leafCommands } from './leaf-commands.ts';
import { printable, printableJson } from './printable.ts';
import { stopCode } from './stop-signals.ts';

/** Every command adds itself; help lists them in this order. */
const commands: readonly ((program: Command, io: Io) => void)[] = [
  addQuickstart,
  addRestore,
  addRecipes,
  addInit,
  addExport,
  addTrain,
  addFinetune,
  addRuns,
  addRm,
  addEval,
  addReport,
  addWatch,
  addFillMask,
  addGenerate,
  addPredict,
  addScore,
  addTokenize,
  addData,
  addInspect,
  addModels,
  addDevices,
  addCompletion,
];

export function createProgram(
  io: Io,
  { quiet = false, json = false }: { readonly quiet?: boolean; readonly json?: boolean } = {},
): Command {
  const program = new Command('gmlp')
    .description('Train, look at and compare gMLP models.')
    .version(manifest.version)
    .option('--debug', 'show where an error comes from (as GMLP_DEBUG=1 does)')
    .option('--quiet', 'print results and errors, and nothing else')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(asStarted(text, program, io.env)),
      writeErr: (text) => io.stderr.write(asStarted(text, program, io.env)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(gmlp --help lists the commands and options)');
  const { isTTY, columns } = io.stderr;
  const write = (text: string): unknown => (quiet ? undefined : io.stderr.write(asStarted(text, program, io.env)));
  // Names, pieces and texts of any origin are in what commands print.
  const stdout: Io['stdout'] = { write: (text) => io.stdout.write(json ? printableJson(text) : printable(text)) };
  const surroundings: Io = {
    stdout,
    stderr: { isTTY, columns, write },
    env: io.env,
    get stdin() {
      return io.stdin;
    },
    now: io.now,
    // Asked for when a command asks: from then on the system leaves it to the command to stop.
    get signal() {
      return io.signal;
    },
  };
  for (const add of commands) add(program, surroundings);
  for (const { name, command } of leafCommands(program)) {
    command
      .copyInheritedSettings(program)
      .showHelpAfterError(`(gmlp ${name} --help shows its arguments and options)`)
      .option('--debug', 'show where an error comes from')
      .option('--quiet', 'print results and errors, and nothing else')
      .addHelpText('after', `\nExamples:\n${(examples[name] ?? []).map((line) => `  ${line}\n`).join('')}`);
  }
  return program;
}

/**
 * Runs one command; resolves to the exit code: 0, 1 for an error, 2 for wrong usage; 130, 143 or 129 when it stopped in order after
 * Ctrl-C, SIGTERM or a hangup. Never rejects.
 */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  const options = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  const debug = options.includes('--debug') || Boolean(io.env['GMLP_DEBUG']);
  const program = createProgram(io, { quiet: options.includes('--quiet'), json: options.includes('--json') });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has printed its message
    io.stderr.write(`${asStarted(printable(describeError(error, debug)), program, io.env)}\n`);
    return GmlpError.isInstance(error) && error.code === 'aborted' ? stopCode(io.signal.reason) : 1;
  }
}

function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error || GmlpError.isInstance(error))) return String(error);
  if (debug) return `${error.stack}${error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause, debug)}`}`;
  // An error that is not ours is a fault of ours: its name helps, and so does the way to the rest.
  return GmlpError.isInstance(error)
    ? plainMessage(error)
    : `${error.name}: ${error.message}\n(--debug shows where it comes from)`;
}
