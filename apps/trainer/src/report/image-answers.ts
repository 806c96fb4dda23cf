/** How a classifier of images does on what was held out: each class, what it is taken for, the worst images, and what it learned from. */
import { formatNumber } from '@gmlp/base';
import { html, type Markup } from './html.ts';
import { table } from './parts.ts';

export interface ImageAnswers {
  /** In the order of their labels: held-out images of each class, and how many of them the model was right about. */
  readonly classes: readonly { readonly name: string; readonly count: number; readonly right: number }[];
  /** How often a class, by its label, was taken for another: the most frequent first. */
  readonly confusions: readonly Confusion[];
  /** The held-out images whose own class was found least likely. */
  readonly worst: readonly WronglyClassified[];
  /** Samples as training sees them, as data URLs. */
  readonly samples: readonly string[];
}

export interface Confusion {
  readonly label: number;
  readonly said: number;
  readonly count: number;
}

export interface WronglyClassified {
  readonly label: number;
  readonly said: number;
  /** Probabilities of its own class and of the one that was said. */
  readonly share: number;
  readonly saidShare: number;
  /** A small picture of it as a data URL. */
  readonly picture: string;
}

type Classes = ImageAnswers['classes'];

/** Classes with a table of what is taken for what; of more, the pairs are listed. */
const mostInTable = 20;
/** So many classes are all shown; of more the worst ones, the others when they are asked for. */
const mostClasses = 40;
const worstClasses = 20;
const mostPairs = 30;

export function imageAnswersSection({ classes, confusions, worst, samples }: ImageAnswers): Markup {
  return html`${classSection(classes)}
${confusions.length === 0 ? '' : classes.length <= mostInTable ? confusionTable(classes, confusions) : confusionList(classes, confusions)}
${worst.length === 0 ? '' : worstSection(classes, worst)}
${samples.length === 0 ? '' : samplesSection(samples)}`;
}

/** It stays in one line. */
const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;
const rightShare = ({ count, right }: Classes[number]): number => (count === 0 ? 0 : right / count);

function classSection(classes: Classes): Markup {
  const held = classes.filter(({ count }) => count > 0).sort((a, b) => rightShare(a) - rightShare(b));
  const first = held.length <= mostClasses ? held.length : worstClasses;
  const [shown, rest] = [held.slice(0, first), held.slice(first)];
  const unseen = classes.length - held.length;
  return html`<h2>Accuracy by class</h2>
<p class="faint">Of the held-out images of each class the part that the model is right about, the least first.${unseen === 0 ? '' : ` ${unseen === 1 ? 'One class has' : `${formatNumber(unseen)} classes have`} no held-out image.`}</p>
${classBars(shown)}${rest.length === 0 ? '' : html`<details><summary>the other ${formatNumber(rest.length)} classes</summary>${classBars(rest)}</details>`}`;
}

function classBars(classes: Classes): Markup {
  const long = classes.some(({ name }) => name.length > 18);
  return html`<ol class="guesses${long ? ' long' : ''}">${classes.map(
    (each) =>
      html`<li><span>${each.name}</span><span class="bar" style="width: ${(100 * rightShare(each)).toFixed(1)}%"></span><span class="number" title="${each.right} of ${each.count}">${percent(rightShare(each))}</span></li>`,
  )}</ol>`;
}

function confusionTable(classes: Classes, confusions: ImageAnswers['confusions']): Markup {
  const counts = new Map(confusions.map(({ label, said, count }) => [`${label} ${said}`, count]));
  const cell = (label: number, said: number): Markup => {
    const { count: all, right } = classes[label]!;
    const count = label === said ? right : (counts.get(`${label} ${said}`) ?? 0);
    const strength = (all === 0 ? 0 : 0.7 * Math.sqrt(count / all)).toFixed(2);
    const colour = label === said ? `rgb(27 138 90 / ${strength})` : `rgb(217 100 15 / ${strength})`;
    const what = `${count} of ${all} images of ${classes[label]!.name} taken for ${classes[said]!.name}`;
    return html`<td style="background: ${colour}" title="${what}">${count === 0 ? '' : formatNumber(count)}</td>`;
  };
  return html`<h2>What is taken for what</h2>
<p class="faint">A row is what an image shows, a column what the model says, the stronger the colour the larger its part of the row.</p>
<div class="scroll"><table class="confusion"><tr><th></th>${classes.map(({ name }) => html`<th scope="col"><span>${name}</span></th>`)}</tr>
${classes.map(
  ({ name }, label) => html`<tr><th scope="row">${name}</th>${classes.map((_, said) => cell(label, said))}</tr>`,
)}</table></div>`;
}

function confusionList(classes: Classes, confusions: ImageAnswers['confusions']): Markup {
  const rows = confusions.slice(0, mostPairs).map(({ label, said, count }): [string, ...string[]] => {
    const { name, count: all } = classes[label]!;
    return [name, classes[said]!.name, `${formatNumber(count)} of ${formatNumber(all)}`, percent(count / all)];
  });
  return html`<h2>What is taken for what</h2>
<p class="faint">The pairs that are confused most often, of ${formatNumber(classes.length)} classes.</p>
${table(rows, ['an image of', 'is taken for', 'images', ''])}`;
}

function worstSection(classes: Classes, worst: ImageAnswers['worst']): Markup {
  return html`<h2>Where it is most wrong</h2>
<p class="faint">The held-out images whose own class the model finds least likely: what they show, and what it says.</p>
<div class="pictures">${worst.map((each) => figureOf(classes, each))}</div>`;
}

function figureOf(classes: Classes, { label, said, share, saidShare, picture }: WronglyClassified): Markup {
  const [own, given] = [classes[label]!.name, classes[said]!.name];
  return html`<figure><img src="${picture}" alt="${own}, taken for ${given}"><figcaption><b>${own}</b> ${percent(share)}<br>${given} ${percent(saidShare)}</figcaption></figure>`;
}

function samplesSection(samples: readonly string[]): Markup {
  return html`<h2>What it learned from</h2>
<p class="faint">Images of the first step of training, as the model sees them: cropped, mirrored, recoloured and mixed as the recipe says.</p>
<div class="pictures">${samples.map((picture) => html`<figure><img src="${picture}" alt="A sample of training"></figure>`)}</div>`;
}
