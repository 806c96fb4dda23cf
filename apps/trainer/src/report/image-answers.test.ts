import { expect, it } from 'vitest';
import { type ImageAnswers, imageAnswersSection } from './image-answers.ts';

const picture = 'data:image/jpeg;base64,AAAA';

function answers(classes: number): ImageAnswers {
  return {
    classes: Array.from({ length: classes }, (_, label) => ({ name: `class <${label}>`, count: 10, right: label % 11 })),
    confusions: [{ label: 3, said: 1, count: 7 }],
    worst: [{ label: 3, said: 1, share: 0.001, saidShare: 0.9, picture }],
    samples: [picture, picture],
  };
}

const rows = (markup: string, table: string): number =>
  new RegExp(`<table class="${table}">.*?</table>`, 's').exec(markup)![0].match(/<tr>/g)!.length;

it('few classes have a table of what is taken for what, of many the worst pairs are listed', () => {
  const few = imageAnswersSection(answers(10)).markup;
  expect(rows(few, 'confusion')).toBe(11);
  expect(few).toContain('title="7 of 10 images of class &lt;3&gt; taken for class &lt;1&gt;"');
  const many = imageAnswersSection(answers(1000)).markup;
  expect(many).not.toContain('class="confusion"');
  expect(rows(many, 'settings')).toBe(2);
  expect(many).toMatch(/class &lt;3&gt;<\/th><td>class &lt;1&gt;<\/td><td>7 of 10<\/td><td>70.0\u00a0%/);
  expect(many).toContain('the other 980 classes');
});

it('classes stand from the worst to the best, and one without images is counted apart', () => {
  const all = answers(3);
  const { markup } = imageAnswersSection({ ...all, classes: [{ name: 'none', count: 0, right: 0 }, ...all.classes].slice(0, 4) });
  const names = Array.from(markup.matchAll(/<li><span>([^<]*)</g), ([, name]) => name);
  expect(names).toEqual(['class &lt;0&gt;', 'class &lt;1&gt;', 'class &lt;2&gt;']);
  expect(markup).toContain('One class has no held-out image');
});

it('pictures stand with the class that they have and the one that was said', () => {
  const { markup } = imageAnswersSection(answers(5));
  expect(markup.match(/<img src="data:image\/jpeg;base64,AAAA"/g)).toHaveLength(3);
  expect(markup).toMatch(/<b>class &lt;3&gt;<\/b> 0\.1\u00a0%<br>class &lt;1&gt; 90\.0\u00a0%/);
});
