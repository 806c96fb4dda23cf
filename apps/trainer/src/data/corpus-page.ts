/** A page of what a corpus holds: counts, how long its documents are, and what its tokenizer does not know. It fetches nothing. */
import { formatNumber } from '@gmlp/base';
import { type CorpusIndex, corpusCounts, summedStatistics } from '@gmlp/text/node';
import { html, type Markup } from '../report/html.ts';
import { page } from '../report/page.ts';
import { figure, table } from '../report/parts.ts';

export function corpusPage(name: string, { settings, sources, shards }: CorpusIndex): string {
  const { documents, bytes, tokens, unknown, byteFallback, lengths } = summedStatistics(
    shards.map(({ statistics }) => statistics),
  );
  const sum = (of: (shard: CorpusIndex['shards'][number]) => number): number => shards.reduce((all, shard) => all + of(shard), 0);
  const part = (which: 'training' | 'validation') => {
    const { documents: own, sequences } = corpusCounts(shards, which);
    return [formatNumber(own), formatNumber(sequences)];
  };
  const leftOut = sum(({ leftOut: counts }) => Object.values(counts).reduce((all, count) => all + count, 0));
  const body = html`<h1>${name}</h1>
<p class="faint">${formatNumber(shards.length)} of ${formatNumber(sources.length)} shards are packed, in sequences of ${formatNumber(settings.sequenceLength)} tokens of a vocabulary of ${formatNumber(settings.vocabularySize)}.</p>
<div class="figures">
${figure(formatNumber(documents), 'documents')}
${figure(formatNumber(tokens), 'tokens')}
${figure(formatNumber(bytes), 'bytes of text')}
${figure(tokens === 0 ? '–' : (bytes / tokens).toFixed(2), 'bytes a token')}
</div>
${table(
  [
    ['training', ...part('training')],
    ['validation', ...part('validation')],
  ],
  ['part', 'documents', 'sequences'],
)}
${table([
  ['documents that were there before', formatNumber(sum(({ repeated }) => repeated))],
  ['records that could not be read', formatNumber(leftOut)],
  ['tokens of what the tokenizer does not know', share(unknown, tokens)],
  ['tokens that stand for one byte', share(byteFallback, tokens)],
])}
<h2>How long documents are</h2>
<p class="faint">In tokens; each bar is twice as far as the one above it.</p>
${histogram(lengths)}`;
  return page({ title: `Corpus ${name}`, body });
}

const share = (count: number, of: number): string =>
  of === 0 ? '0' : `${formatNumber(count)} (${((100 * count) / of).toFixed(3)} %)`;

const [rowHeight, labelWidth, barWidth] = [22, 130, 420];

function histogram(lengths: readonly number[]): Markup {
  const most = Math.max(1, ...lengths);
  const rows = lengths.map((count, bucket) => {
    const y = bucket * rowHeight;
    const width = (barWidth * count) / most;
    const range = `${formatNumber(2 ** bucket)} to ${formatNumber(2 ** (bucket + 1) - 1)}`;
    return html`<text x="${labelWidth - 8}" y="${y + 15}" text-anchor="end" font-size="12" fill="currentColor">${range}</text><rect x="${labelWidth}" y="${y + 3}" width="${width.toFixed(1)}" height="${rowHeight - 6}" fill="currentColor" opacity="0.55"/><text x="${(labelWidth + width + 6).toFixed(1)}" y="${y + 15}" font-size="12" fill="currentColor">${formatNumber(count)}</text>`;
  });
  const height = Math.max(1, lengths.length) * rowHeight;
  return html`<svg viewBox="0 0 ${labelWidth + barWidth + 110} ${height}" width="100%" role="img" aria-label="How many documents have so many tokens">${rows}</svg>`;
}
