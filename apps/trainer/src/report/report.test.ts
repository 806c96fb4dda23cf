import { expect, it } from 'vitest';
import { heatMap } from './heat-map.ts';
import { type ReportData, renderReport } from './report.ts';

const attack = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;

const tokens = 6;
const data = (text: string): ReportData => ({
  title: `Run ${text}`,
  description: text,
  valPerplexity: 150.5,
  unigramPerplexity: 800,
  seconds: 125,
  parameters: 828_349,
  curve: {
    training: [1, 2, 3].map((step) => ({ step, loss: 8 - step })),
    validation: [{ step: 3, loss: 5.2 }],
  },
  filters: [0, 1].map((layer) => ({
    tokens,
    matrix: Float32Array.from({ length: tokens * tokens }, (_, i) => Math.sin(i + layer)),
  })),
  filled: [{ before: text, after: text, guesses: [{ piece: text, probability: 0.25 }] }],
  settings: [[text, text]],
  machine: [['CPU', text]],
});

it('shows what it was given', () => {
  const page = renderReport(data('plain'));
  for (const shown of ['150.5', '800', '0.188', '828,349', '2 min 05 s', 'Block 1', 'Block 2', '25.0 %', 'plain']) {
    expect(page).toContain(shown);
  }
  expect(page.match(/class="map"/g)).toHaveLength(2);
});

it('no text gets out of its place', () => {
  const page = renderReport(data(attack));
  expect(page).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>/);
  expect(page).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
  // The same tags as with harmless text, in the same order.
  const tags = (text: string): string[] => Array.from(text.matchAll(/<\/?([a-z!][a-z0-9]*)/gi), (match) => match[1]!);
  expect(tags(page)).toEqual(tags(renderReport(data('plain'))));
});

it('is one file that fetches nothing and runs nothing', () => {
  const page = renderReport(data('plain'));
  expect(page).not.toMatch(/https?:\/\/|url\(|@import|<link|<script/i);
  expect(page).toContain("default-src 'none'");
  for (const [, source] of page.matchAll(/src="([^"]*)"/g)) expect(source).toMatch(/^data:image\/png;base64,/);
});

it('draws curves with numbers only, also from a single point or weights of zero', () => {
  const flat = { ...data('plain'), curve: { training: [{ step: 1, loss: 5 }], validation: [] } };
  const page = renderReport({ ...flat, filters: [{ tokens: 1, matrix: new Float32Array(1) }] });
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});

it('a heat map tells the sign and leaves zero clear', () => {
  const small = heatMap(Float32Array.of(1, -1, 0, 0.25), 2, 'W').markup;
  const other = heatMap(Float32Array.of(-1, 1, 0, 0.25), 2, 'W').markup;
  expect(small).not.toBe(other);
});
