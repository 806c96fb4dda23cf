import fc from 'fast-check';
import { expect, it } from 'vitest';
import { html } from './html.ts';

const escaped = (text: string): string => html`${text}`.markup;

it('leaves no character that means something in markup', () => {
  expect(escaped(`<a href="x" title='y'>&amp;\u0000`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;\ufffd');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escaped(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
    }),
  );
});

it('escapes texts, not the markup of its own', () => {
  const item = (text: string) => html`<li>${text}</li>`;
  expect(html`<ol start="${3}">${['a & b', '<i>'].map(item)}</ol>`.markup).toBe(
    '<ol start="3"><li>a &amp; b</li><li>&lt;i&gt;</li></ol>',
  );
});
