import { formatDuration, formatNumber } from '@gmlp/base';
import type { DryRun } from './dry-run.ts';

/** For people: a line for each thing that a run takes. */
export function formatDryRun({
  run,
  recipe,
  device,
  parameters,
  steps,
  unit,
  unitsPerStep,
  units,
  epochs,
  ...rest
}: DryRun): string {
  const { time, memory, disk } = rest;
  const what = unit === 'tokens' ? 'text' : unit;
  const unknown =
    unit === 'tokens' ? 'the text is not there, so nobody knows how often it is read' : `the ${unit} are not counted yet`;
  const read = epochs === undefined ? unknown : `the ${what} about ${times(epochs)}`;
  const kept = [
    `${disk.checkpoints === 1 ? 'one checkpoint' : `${disk.checkpoints} checkpoints`} of ${size(disk.checkpoint)} at most`,
    `the model ${size(disk.model)}`,
    ...(unit !== 'tokens' ? [] : [disk.data === undefined ? 'and the packed text' : `the packed text ${size(disk.data)}`]),
  ];
  const arrays = [
    `parameters ${size(memory.parameters)}`,
    `moments ${size(memory.moments)}`,
    ...(memory.average > 0 ? [`average ${size(memory.average)}`] : []),
    ...(memory.gradients > 0 ? [`sums of gradients ${size(memory.gradients)}`] : []),
    `values of a micro-batch ${size(memory.values)}`,
    `a checkpoint under way ${size(memory.checkpoint)}`,
    `the program ${size(memory.program)}`,
  ];
  return [
    `${recipe} on ${device}; nothing is made`,
    `parameters  ${formatNumber(parameters)}`,
    `${unit.padEnd(12)}${formatNumber(unitsPerStep)} a step, ${formatNumber(units)} in ${formatNumber(steps)} steps; ${read}`,
    `time        about ${duration(time.secondsPerStep)} a step, ${duration(time.seconds)} in all; ${what}, evaluations and saving come on top`,
    `            (an estimate: ${formatNumber(time.multiplyAddsPerStep / 1e9)} billion multiply-adds a step at ${formatNumber(time.flops / 1e9)} GFLOP/s,`,
    `            and ${formatNumber(time.bytesPerSecond / 1e9)} GB/s for what else is computed, as measured just now)`,
    `memory      about ${size(memory.peak)} at the peak`,
    `            (${arrays.join(', ')})`,
    `disk        about ${size(disk.total)} in ${run}`,
    `            (${kept.join(', ')})`,
    '',
  ].join('\n');
}

const times = (count: number): string => (count >= 0.995 && count < 1.005 ? 'once' : `${Number(count.toPrecision(2))} times`);

function size(bytes: number): string {
  const [unit, name] = bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${Number((bytes / unit).toPrecision(3))} ${name}`;
}

const day = 86_400;

function duration(seconds: number): string {
  if (seconds < 1) return `${Number((1000 * seconds).toPrecision(2))} ms`;
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 2 * day ? formatDuration(seconds) : `${formatNumber(Math.round(seconds / day))} days`;
}
