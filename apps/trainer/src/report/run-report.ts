/** The report of one run, or of several side by side: how it stands, curves, where the time went, spatial filters, settings. */
import type { SpatialFilter } from '@gmlp/layers';
import { formatDuration, formatNumber } from '@gmlp/training';
import { claimOf } from '../recipes/claim.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { filledMasks } from './filled-masks.ts';
import { filterCurve } from './filter-curve.ts';
import { heatMap } from './heat-map.ts';
import { html, type Markup } from './html.ts';
import { lineChart, type Series } from './line-chart.ts';
import { lossAndPerplexity } from './loss-curve.ts';
import { figure, table } from './parts.ts';
import type { RunData } from './read-run.ts';
import { settingsTable } from './settings-table.ts';
import { thin } from './thin.ts';

/** Points of a line on a page. */
const most = 600;

export const runReportTitle = (runs: readonly RunData[]): string => runs.map(({ name }) => name).join(', ');

export function runReport(runs: readonly RunData[]): Markup {
  const alone = runs.length === 1;
  return html`<h1>${alone ? runs[0]!.name : `${runs.length} runs`}</h1>
${alone ? html`<p class="faint">${whatItIs(runs[0]!.file.recipe)}</p>${overview(runs[0]!)}` : comparison(runs)}
${runs.map(notes)}
<h2>Loss</h2>
<p class="faint">Nats for each token that is asked for, by training step; perplexity is its exponential.</p>
${lineChart({ label: 'Loss by step', series: runs.flatMap(lossSeries(alone)), format: lossAndPerplexity })}
<h2>Perplexity</h2>
<p class="faint">On the held-out documents, logarithmic.</p>
${lineChart({ label: 'Validation perplexity by step', series: runs.flatMap(perplexitySeries(alone)), logarithmic: true })}
<h2>Learning rate</h2>
${lineChart({ label: 'Learning rate by step', series: eachLine(runs, alone, 'learning rate', ({ metrics }) => metrics.learningRate) })}
<h2>Throughput</h2>
<p class="faint">Tokens a second, evaluations and saving included.</p>
${lineChart({ label: 'Tokens a second by step', series: eachLine(runs, alone, 'tokens a second', ({ metrics }) => metrics.tokensPerSecond) })}
<h2>Time</h2>
<p class="faint">Where the seconds of training went: waiting for data, losses and gradients, the update, and between records (evaluation and saving).</p>
${runs.map((run) => timeSplit(run, alone))}
${runs.map((run) => filterSection(run, alone))}
${runs.map((run) => masksSection(run, alone))}
<h2>Settings</h2>
${settingsTable(runs)}
<h2>Machine</h2>
${table(machineRows(runs), alone ? [] : ['', ...runs.map(({ name }) => name)])}`;
}

/** The recipe, its text, and what it claims, if it has a claim of its own. */
function whatItIs(recipe: Recipe): string {
  const { name, data } = recipe;
  const claim = claimOf(recipe);
  const text = data.source === 'sotu' ? 'the State of the Union addresses' : (data.path ?? data.source);
  return `Recipe ${name}, trained on ${text}.${claim === undefined ? '' : ` It claims: ${claim}`}`;
}

const lossOf = ({ metrics }: RunData): number | undefined => metrics.valLoss.at(-1)?.[1];
const shownPerplexity = (loss: number | undefined): string => (loss === undefined ? 'not yet' : formatNumber(Math.exp(loss)));
const bestLoss = ({ metrics }: RunData): number | undefined =>
  metrics.valLoss.reduce<number | undefined>((best, [, loss]) => (best === undefined || loss < best ? loss : best), undefined);
const secondsOf = ({ metrics }: RunData): number => Object.values(metrics.split).reduce((sum, seconds) => sum + seconds, 0);

function stateOf({ condition }: RunData): string {
  if (condition === undefined) return 'not begun';
  const { state, step, steps } = condition;
  return `${state}, step ${formatNumber(step)} of ${formatNumber(steps)}`;
}

function overview(run: RunData): Markup {
  return html`<div class="figures">
${figure(run.condition?.state ?? 'not begun', run.condition ? `step ${formatNumber(run.condition.step)} of ${formatNumber(run.condition.steps)}` : '')}
${figure(shownPerplexity(lossOf(run)), 'validation perplexity')}
${figure(shownPerplexity(bestLoss(run)), 'the best so far')}
${run.answers === undefined ? '' : figure(formatNumber(run.answers.unigramPerplexity), 'unigram model, same tokens')}
${figure(formatDuration(secondsOf(run)), 'of training')}
</div>`;
}

function comparison(runs: readonly RunData[]): Markup {
  const header = ['run', 'state', 'validation perplexity', 'best', 'time'];
  return table(
    runs.map((run) => [
      run.name,
      stateOf(run),
      shownPerplexity(lossOf(run)),
      shownPerplexity(bestLoss(run)),
      formatDuration(secondsOf(run)),
    ]),
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
    const { loss, valLoss, emaValLoss } = run.metrics;
    return [
      { name: named(alone, run, 'training'), form: 'line', colour: index, points: thin(loss, most) },
      { name: named(alone, run, 'validation'), form: 'points', colour: alone ? 1 : index, points: thin(valLoss, most) },
      ...(emaValLoss.length === 0
        ? []
        : [
            {
              name: named(alone, run, 'validation of the average'),
              form: 'points' as const,
              colour: alone ? 2 : index,
              points: thin(emaValLoss, most),
            },
          ]),
      ...unigramLevel(alone, run, Math.log),
    ];
  };

const perplexitySeries =
  (alone: boolean) =>
  (run: RunData, index: number): Series[] => {
    const perplexities = (points: readonly (readonly [number, number])[]) =>
      thin(
        points.map(([step, loss]) => [step, Math.exp(loss)] as const),
        most,
      );
    const { valLoss, emaValLoss } = run.metrics;
    const line = (name: string, colour: number, points: readonly (readonly [number, number])[]): Series => ({
      name: named(alone, run, name),
      form: 'line',
      colour,
      points: perplexities(points),
    });
    const average = emaValLoss.length === 0 ? [] : [line('average of the parameters', alone ? 2 : index + runsApart, emaValLoss)];
    return [line('parameters', alone ? 1 : index, valLoss), ...average, ...unigramLevel(alone, run, (perplexity) => perplexity)];
  };

/** The colours of averages stand this far from those of their runs. */
const runsApart = 3;

function eachLine(
  runs: readonly RunData[],
  alone: boolean,
  what: string,
  points: (run: RunData) => readonly (readonly [number, number])[],
): Series[] {
  return runs.map((run, colour) => ({ name: alone ? what : run.name, form: 'line', colour, points: thin(points(run), most) }));
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

function filterSection(run: RunData, alone: boolean): Markup {
  const { steps } = run.filters;
  const last = steps.at(-1);
  if (last === undefined) return html``;
  return html`<h2>Spatial filters${alone ? '' : ` of ${run.name}`}</h2>
<p class="faint">What the gate of each block learned, from step ${formatNumber(steps[0]!.step)} to ${formatNumber(last.step)}: the row of W for the
middle token, by distance in tokens (backward to the left, forward to the right); at the end the whole of W. Blue is positive, orange negative.</p>
${last.blocks.map(
  (filter, block) =>
    html`<div class="layer"><h3>Block ${block + 1}</h3><div class="through">${steps.map(({ step, blocks }) => {
      const then = blocks[block];
      return then === undefined
        ? ''
        : html`<div>${middleRow(then, `Block ${block + 1} at step ${step}`)}<span class="faint">step ${formatNumber(step)}</span></div>`;
    })}<div>${heatMap(filter.matrix, filter.tokens, `W of block ${block + 1}, ${filter.tokens} by ${filter.tokens}`)}<span class="faint">W at the end</span></div></div></div>`,
)}`;
}

function masksSection({ name, answers }: RunData, alone: boolean): Markup {
  if (answers === undefined || answers.filled.length === 0) return html``;
  const of = `${alone ? '' : `${name}, `}step ${formatNumber(answers.step)}: passages of the held-out text`;
  return html`${filledMasks(answers.filled)}<p class="faint">${of}</p>`;
}

/** A model that only knows how often each piece occurs: the line to get below. */
const unigramLevel = (alone: boolean, { answers }: RunData, value: (perplexity: number) => number): Series[] =>
  answers === undefined || !alone
    ? []
    : [{ name: 'unigram model', form: 'level', colour: 2, points: [[0, value(answers.unigramPerplexity)]] }];

function middleRow({ matrix, tokens }: SpatialFilter, label: string): Markup {
  const middle = tokens >> 1;
  return filterCurve(matrix.slice(middle * tokens, (middle + 1) * tokens), middle, label);
}

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
