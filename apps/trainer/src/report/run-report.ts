/** The report of one run, or of several side by side: how it stands, curves, where the time went, spatial filters, settings. */

import { formatDuration, formatNumber } from '@gmlp/base';
import { claimOf } from '../recipes/claim.ts';
import { prefixedName } from '../run/metrics-records.ts';
import { comparable } from '../run/run-file.ts';
import { headlineOf } from '../tasks/shown-figures.ts';
import type { Figure, Task } from '../tasks/task.ts';
import { filterSection } from './filter-section.ts';
import { html, type Markup } from './html.ts';
import { lineChart, type Series } from './line-chart.ts';
import { figure, table } from './parts.ts';
import { bestPoint, pointsOf } from './read-metrics.ts';
import type { RunData } from './read-run.ts';
import { settingsTable } from './settings-table.ts';
import { thin } from './thin.ts';

/** Points of a line on a page. */
const most = 600;

export const runReportTitle = (runs: readonly RunData[]): string => runs.map(({ name }) => name).join(', ');

export function runReport(runs: readonly RunData[]): Markup {
  const alone = runs.length === 1;
  return html`<h1>${alone ? runs[0]!.name : `${runs.length} runs`}</h1>
${alone ? html`<p class="faint">${whatItIs(runs[0]!)}</p>${overview(runs[0]!)}` : comparison(runs)}
${runs.map(notes)}
<h2>Loss</h2>
<p class="faint">Nats, the mean of what is asked of the model, by training step.</p>
${lineChart({ label: 'Loss by step', series: runs.flatMap(lossSeries(alone)), format: (loss) => loss.toFixed(3) })}
${figuresOf(runs).map(figureChart(runs, alone))}
<h2>Learning rate</h2>
${lineChart({ label: 'Learning rate by step', series: eachLine(runs, alone, 'learning rate', 'learningRate') })}
${[...new Set(runs.map(({ task }) => task.unit))].map(throughput(runs, alone))}
${speed(runs, alone)}
<h2>Time</h2>
<p class="faint">Where the seconds of training went: waiting for data, losses and gradients, the update, and between records (evaluation and saving).</p>
${runs.map((run) => timeSplit(run, alone))}
${runs.map((run) => filterSection(run, alone))}
${runs.map((run) => answersSection(run, alone))}
<h2>Settings</h2>
${settingsTable(runs)}
<h2>Machine</h2>
${table(machineRows(runs), alone ? [] : ['', ...runs.map(({ name }) => name)])}`;
}

/** The recipe, its data, and what it claims, if it has a claim of its own. */
function whatItIs({ file: { recipe }, task }: RunData): string {
  const claim = claimOf(recipe);
  return `Recipe ${recipe.name}, trained on ${task.about(recipe.data)}.${claim === undefined ? '' : ` It claims: ${claim}`}`;
}

/** All figures of these runs but the loss, each once. */
function figuresOf(runs: readonly RunData[]): readonly Figure[] {
  const all = runs.flatMap(({ task }) => task.figures.filter(({ name }) => name !== 'loss'));
  return all.filter(({ name }, index) => all.findIndex((each) => each.name === name) === index);
}

const pointsOfValidation = ({ metrics }: RunData, name: string, prefix = 'val') => pointsOf(metrics, prefixedName(prefix, name));

/** The newest of the figure that people are told of, and the best so far. */
function headlines(run: RunData): { readonly label: string; readonly newest: string; readonly best: string } {
  const { name, label, better, shown } = headlineOf(run.task);
  const points = pointsOfValidation(run, name);
  const value = (point: readonly [number, number] | undefined): string =>
    point === undefined ? 'not yet' : shown({ [name]: point[1] });
  return { label, newest: value(points.at(-1)), best: value(bestPoint(comparable(run.file, points), better)) };
}

const secondsOf = ({ metrics }: RunData): number => Object.values(metrics.split).reduce((sum, seconds) => sum + seconds, 0);

function stateOf({ condition }: RunData): string {
  if (condition === undefined) return 'not begun';
  const { state, step, steps } = condition;
  return `${state}, step ${formatNumber(step)} of ${formatNumber(steps)}`;
}

function overview(run: RunData): Markup {
  const { label, newest, best } = headlines(run);
  return html`<div class="figures">
${figure(run.condition?.state ?? 'not begun', run.condition ? `step ${formatNumber(run.condition.step)} of ${formatNumber(run.condition.steps)}` : '')}
${figure(newest, `validation ${label}`)}
${figure(best, 'the best so far')}
${baselineOf(run, run.task.headline).map(({ label: what, value }) => figure(headlineOf(run.task).shown({ [run.task.headline]: value }), what))}
${figure(formatDuration(secondsOf(run)), 'of training')}
</div>`;
}

function comparison(runs: readonly RunData[]): Markup {
  const header = ['run', 'state', 'validation', 'best', 'time'];
  return table(
    runs.map((run) => {
      const { label, newest, best } = headlines(run);
      return [run.name, stateOf(run), `${label} ${newest}`, best, formatDuration(secondsOf(run))];
    }),
    header,
  );
}

/** What a reader should know: why a run ended, and what of its files could not be read. */
function notes({ name, file, condition, metrics: { broken }, filters }: RunData): Markup {
  const lines = [
    ...(file.accepted ?? []).map(({ step, changes }) => `changed after step ${formatNumber(step)}: ${changes.join('; ')}`),
    ...(condition?.message ? [condition.message] : []),
    ...(broken.count > 0
      ? [
          `metrics.jsonl: ${formatNumber(broken.count)} of the lines are no records and were left out, the first is line ${broken.first}`,
        ]
      : []),
    ...filters.refused,
  ];
  return html`${lines.map((line) => html`<p class="note"><b>${name}</b>: ${line}</p>`)}`;
}

const named = (alone: boolean, run: RunData, what: string): string => (alone ? what : `${run.name}, ${what}`);

const lossSeries =
  (alone: boolean) =>
  (run: RunData, index: number): Series[] => {
    const points = (name: string, form: Series['form'], colour: number, of: readonly (readonly [number, number])[]): Series => ({
      ...{ name: named(alone, run, name), form, colour, points: thin(of, most) },
    });
    const average = pointsOfValidation(run, 'loss', 'emaVal');
    return [
      points('training', 'line', index, pointsOf(run.metrics, 'loss')),
      points('validation', 'points', alone ? 1 : index, pointsOfValidation(run, 'loss')),
      ...(average.length === 0 ? [] : [points('validation of the average', 'points', alone ? 2 : index, average)]),
      ...levels(alone, run, 'loss'),
    ];
  };

/** A figure on the held-out data by step. */
const figureChart =
  (runs: readonly RunData[], alone: boolean) =>
  ({ name, label, logarithmic = false, format }: Figure): Markup => {
    const series = runs.flatMap((run, index): Series[] => {
      const line = (what: string, colour: number, points: readonly (readonly [number, number])[]): Series => ({
        name: named(alone, run, what),
        form: 'line',
        colour,
        points: thin(points, most),
      });
      const average = pointsOfValidation(run, name, 'emaVal');
      return [
        line('validation', alone ? 1 : index, pointsOfValidation(run, name)),
        ...(average.length === 0 ? [] : [line('average of the parameters', alone ? 2 : index + runsApart, average)]),
        ...levels(alone, run, name),
      ];
    });
    return html`<h2>${capitalised(label)}</h2>
<p class="faint">On the held-out data${logarithmic ? ', logarithmic' : ''}.</p>
${lineChart({ label: `Validation ${label} by step`, series, logarithmic, ...(format && { format }) })}
`;
  };

const capitalised = (label: string): string => label[0]!.toUpperCase() + label.slice(1);

const throughput =
  (runs: readonly RunData[], alone: boolean) =>
  (unit: Task['unit']): Markup =>
    html`<h2>Throughput</h2>
<p class="faint">${capitalised(unit)} a second, evaluations and saving included.</p>
${lineChart({
  label: `${capitalised(unit)} a second by step`,
  series: eachLine(
    runs.filter(({ task }) => task.unit === unit),
    alone,
    `${unit} a second`,
    `${unit}PerSecond`,
  ),
})}
`;

/** How fast products of matrices are computed, where a run says it. */
function speed(runs: readonly RunData[], alone: boolean): Markup {
  const telling = runs.filter(({ metrics }) => pointsOf(metrics, 'productShare').length > 0);
  if (telling.length === 0) return html``;
  const shares = telling.map((run) => {
    const of = pointsOf(run.metrics, 'productShare');
    const mean = of.reduce((sum, [, value]) => sum + value, 0) / of.length;
    return `${alone ? '' : `${run.name}: `}${Math.round(100 * mean)} %`;
  });
  return html`<p class="faint">GFLOP a second in products of matrices, evaluations and saving left out: ${shares.join(', ')} of what the device does when it does nothing else.</p>
${lineChart({ label: 'GFLOP a second by step', series: eachLine(telling, alone, 'GFLOP a second', 'gflopsPerSecond') })}
`;
}

/** The colours of averages stand this far from those of their runs. */
const runsApart = 3;

function eachLine(runs: readonly RunData[], alone: boolean, what: string, figureName: string): Series[] {
  return runs.map(({ name, metrics }, colour) => ({
    name: alone ? what : name,
    form: 'line',
    colour,
    points: thin(pointsOf(metrics, figureName), most),
  }));
}

function timeSplit(run: RunData, alone: boolean): Markup {
  const parts = Object.entries(run.metrics.split);
  const all = secondsOf(run);
  if (all === 0) return html`<p class="faint">${run.name}: no step has ended yet.</p>`;
  const share = (seconds: number): string => ((100 * seconds) / all).toFixed(1);
  return html`${alone ? '' : html`<h3>${run.name}</h3>`}<div class="split" role="img" aria-label="Time by part">${parts.map(
    ([, seconds], index) => html`<span class="c${index}" style="width: ${share(seconds)}%"></span>`,
  )}</div>
<p class="legend">${parts.map(
    ([name, seconds], index) =>
      html`<span class="entry"><span class="key points c${index}"></span>${name} ${share(seconds)} %, ${formatDuration(seconds)}</span>`,
  )}</p>`;
}

function answersSection({ name, answers, task }: RunData, alone: boolean): Markup {
  if (answers?.answers === undefined || task.answers === undefined) return html``;
  return html`${alone ? '' : html`<h2>${name}</h2>`}${task.answers.show(answers.answers)}`;
}

/** What a model that knows nothing has of a figure, once the run is finished. */
function baselineOf({ answers, task }: RunData, name: string): readonly { readonly label: string; readonly value: number }[] {
  return task.baseline.flatMap(({ name: of, label, of: compared }) => {
    const value = answers?.baseline[of];
    return compared === name && value !== undefined ? [{ label, value }] : [];
  });
}

/** The lines to get beyond. */
const levels = (alone: boolean, run: RunData, name: string): Series[] =>
  alone
    ? baselineOf(run, name).map(({ label, value }, index) => ({
        name: label,
        form: 'level',
        colour: 2 + index,
        points: [[0, value]],
      }))
    : [];

function machineRows(runs: readonly RunData[]): readonly (readonly [string, ...string[]])[] {
  const row = (name: string, of: (run: RunData) => string): [string, ...string[]] => [name, ...runs.map(of)];
  return [
    row('device', ({ file }) => file.device),
    row('CPU', ({ file }) => String(file.machine.cpu)),
    row('cores', ({ file }) => String(file.machine.cores)),
    row('Node', ({ file }) => `${file.machine.node}, ${file.machine.platform}`),
    row('gmlp', ({ file }) => file.package),
    row('begun', ({ file }) => file.started),
  ];
}
