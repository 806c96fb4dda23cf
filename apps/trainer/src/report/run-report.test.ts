import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresToJson } from '@gmlp/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sotu } from '../recipes/sotu.ts';
import { lineChart } from './line-chart.ts';
import { page } from './page.ts';
import { readMetrics } from './read-metrics.ts';
import { readRun } from './read-run.ts';
import { runReport, runReportTitle } from './run-report.ts';
import { tinyRunFolder } from './tiny-run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function reportOf(...names: readonly string[]): Promise<string> {
  const runs = [];
  for (const name of names) runs.push(await readRun(join(folder, name)));
  return page({ title: runReportTitle(runs), body: runReport(runs) });
}

it('shows how a run stands, its curves, filters of each evaluation, settings and machine', async () => {
  await tinyRunFolder(join(folder, 'a'), {
    state: { state: 'failed', step: 30, steps: 90, message: 'the loss of step 31 is NaN' },
  });
  const report = await reportOf('a');
  const perplexity = Math.exp(8 - Math.log(30) + 0.1);
  for (const shown of [
    'failed',
    'step 30 of 90',
    'the loss of step 31 is NaN',
    '75 % of what the device does',
    perplexity.toFixed(1),
    'Block 2',
    'optimiser.peakRate',
  ])
    expect(report).toContain(shown);
  expect(report.match(/class="filter"/g)).toHaveLength(2 * 3);
  expect(report.match(/class="map"/g)).toHaveLength(2);
  expect(report).not.toMatch(/NaN"|Infinity|undefined/);
});

it('several runs share their charts; what differs between their recipes comes first', async () => {
  await tinyRunFolder(join(folder, 'a'));
  await tinyRunFolder(join(folder, 'b'), { recipe: { seed: 7 } });
  const report = await reportOf('a', 'b');
  const differs = /What differs<\/h3>(.*?)<h3>/s.exec(report)![1]!;
  expect(differs.match(/<th scope="row">/g)).toHaveLength(1);
  expect(differs).toContain('seed');
  expect(report).toContain(`${join(folder, 'b')}, validation`);
});

it('no text of a run gets out of its place', async () => {
  const attack = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
  await tinyRunFolder(join(folder, 'plain'), { recipe: { claim: 'plain', command: 'plain' }, state: state('plain') });
  await tinyRunFolder(join(folder, 'attack'), { recipe: { claim: attack, command: attack }, state: state(attack) });
  await writeFile(
    join(folder, 'attack', 'metrics.jsonl'),
    `${JSON.stringify({ step: attack, loss: attack, valLoss: attack })}\n`,
  );
  const report = await reportOf('attack');
  expect(report).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>/);
  expect(report).toContain('&lt;script&gt;');
  expect(report).toContain("default-src 'none'");
  expect(report).not.toMatch(/https?:\/\/|url\(|@import|<link/i);

  function state(message: string) {
    return { state: 'stopped', step: 3, steps: 9, message } as const;
  }
});

it('lines that are no records are counted and the first is named', async () => {
  await tinyRunFolder(join(folder, 'a'));
  const path = join(folder, 'a', 'metrics.jsonl');
  await appendFile(
    path,
    '{"step": 31, "loss"\n[]\nnull\n\n{"step": 32, "loss": "many", "split": {"data": null}}\n{"valPerplexity": 3, "seconds": 1}',
  );
  const { broken, series } = await readMetrics(path);
  expect(broken).toEqual({ count: 3, first: 34 });
  expect(series.get('loss')).toHaveLength(30);
  expect(await reportOf('a')).toContain('3 of the lines are no records and were left out, the first is line 34');
});

it('a perplexity that overflows is told as what it is, and drawn nowhere', async () => {
  await tinyRunFolder(join(folder, 'a'));
  const losses = { valLoss: 710, emaValLoss: 5, loss: 710 };
  const overflown = figuresToJson({ step: 40, ...losses, valPerplexity: Math.exp(710), perplexity: Math.exp(710) });
  await appendFile(join(folder, 'a', 'metrics.jsonl'), `${overflown}\n`);
  const { broken, series } = await readMetrics(join(folder, 'a', 'metrics.jsonl'));
  expect([broken.count, series.get('valLoss')!.at(-1)]).toEqual([0, [40, 710]]);
  const report = await reportOf('a');
  expect(report).toContain('<b>Infinity</b><span>validation perplexity</span>');
  expect(report).toContain('710.000');
  expect(report).not.toMatch(/NaN|="[^"]*Infinity/);
});

it('a long run makes no long page', async () => {
  await tinyRunFolder(join(folder, 'a'), { records: 30_000 });
  expect((await reportOf('a')).length).toBeLessThan(200_000);
});

it('of a causal model no weight of a later token is drawn', async () => {
  const above = (matrix: Float32Array, tokens: number): number[] =>
    [...matrix].filter((_, index) => index % tokens > Math.floor(index / tokens));
  const { maskRate: _, ...data } = sotu.data;
  for (const causal of [false, true]) {
    await tinyRunFolder(join(folder, 'a'), {
      recipe: causal ? { task: 'next-token', model: { ...sotu.model, causal }, data } : {},
    });
    const blocks = (await readRun(join(folder, 'a'))).filters.steps.flatMap((step) => step.blocks);
    expect(blocks.length).toBeGreaterThan(2);
    for (const { matrix, tokens } of blocks) expect(above(matrix, tokens).every((weight) => weight === 0)).toBe(causal);
  }
});

it('filters that cannot be read are named, a run that has nothing yet is shown', async () => {
  await tinyRunFolder(join(folder, 'a'));
  await writeFile(join(folder, 'a', 'filters', 'step-000020.safetensors'), 'broken');
  expect(await reportOf('a')).toMatch(/step-000020.safetensors has 6 bytes/);
  await rm(join(folder, 'a', 'metrics.jsonl'));
  await rm(join(folder, 'a', 'filters'), { recursive: true });
  expect(await reportOf('a')).toContain('Nothing to draw yet.');
});

it('a folder without a run is refused', async () => {
  await expect(readRun(folder)).rejects.toMatchObject({ code: 'not-found', message: expect.stringMatching(/no run.json/) });
});

it.each([
  [[[1, 5]], false],
  [[[1, 0]], false],
  [
    [
      [0, 1e-9],
      [5, 1e9],
    ],
    true,
  ],
  [
    [
      [1, 3],
      [2, 3],
    ],
    true,
  ],
  [
    [
      [1, -2],
      [2, 4e7],
    ],
    false,
  ],
] as const)('draws %j in its frame, logarithmic: %s', (points, logarithmic) => {
  const { markup } = lineChart({
    label: 'x',
    logarithmic,
    series: [{ name: 'a', form: 'points', colour: 0, points: points as unknown as [number, number][] }],
  });
  expect(markup).not.toMatch(/NaN|Infinity/);
  const ys = Array.from(markup.matchAll(/cy="([-\d.]+)"/g), (match) => Number(match[1]));
  expect(ys).toHaveLength(points.length);
  for (const y of ys) expect(y >= 12 && y <= 268).toBe(true);
});

it('a curve of one evaluation is a dot: a line through one point shows nothing', () => {
  const curve = (points: readonly (readonly [number, number])[]) =>
    lineChart({ label: 'Perplexity', series: [{ name: 'validation', form: 'line', colour: 0, points }] }).markup;
  expect(curve([[100, 900]])).toMatch(/<circle .*validation, step 100: 900/);
  expect(
    curve([
      [100, 900],
      [200, 800],
    ]),
  ).not.toContain('<circle');
});
