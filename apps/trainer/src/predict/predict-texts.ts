/** The classes of many texts, in their order. */
import { GmlpError, indicesOfLargest } from '@gmlp/base';
import type { LabelledFormat, LabelledText } from '@gmlp/text';
import { type BadRecord, labelledFormatOf, labelledTexts, type ReadLabelledOptions, readLabelled } from '@gmlp/text/node';
import type { LoadedTextClassifier } from '../saved-model/load-text-classifier.ts';
import { type TextClassifier, type TextJudgement, textsAtOnce } from '../saved-model/text-classifier.ts';
import { layoutOptions } from '../tasks/classification/layout-options.ts';

/** What is said of one text: its likeliest class and the probability of each, or why it could not be read. */
export type TextPrediction =
  | {
      readonly file: string;
      /** Its number in the file, from 0 on. */
      readonly record: number;
      readonly text: string;
      readonly second?: string;
      readonly class: string;
      readonly probabilities: Readonly<Record<string, number>>;
      /** How many pieces were longer than what the model reads, and are not judged. */
      readonly cut?: number;
    }
  | { readonly file: string; readonly record: number; readonly error: string };

/** Of what is not a file of its own. */
export type LineFormat = Exclude<LabelledFormat, 'parquet'>;

export interface PredictTextsOptions {
  readonly classifier: TextClassifier;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Of standard input, and of files whose names do not say it; `text` for these when left out. */
  readonly format?: LineFormat | undefined;
  readonly signal: AbortSignal;
}

export type ReadText = { readonly file: string } & (LabelledText | { readonly record: number; readonly error: string });

/** `-` stands for standard input. */
export async function* predictTexts(
  paths: readonly string[],
  { labels }: Pick<LoadedTextClassifier, 'labels'>,
  { classifier, stdin, format, signal }: PredictTextsOptions,
): AsyncGenerator<TextPrediction, void, undefined> {
  const judged = async (group: readonly ReadText[]): Promise<readonly TextPrediction[]> => {
    const texts = group.filter((each) => !('error' in each)) as (LabelledText & { readonly file: string })[];
    const judgements = texts.length === 0 ? [] : await classifier.judge(texts);
    const said = new Map<ReadText, TextJudgement>(texts.map((text, at) => [text, judgements[at]!]));
    return group.map((each) => ('error' in each ? each : prediction(each, said.get(each)!, labels.classes)));
  };
  let group: ReadText[] = [];
  const optionsFor = (kind: LabelledFormat): ReadLabelledOptions => {
    // A label that is there is not needed, and not looked at.
    const { labels: _, ...layout } = layoutOptions(labels, `.${kind}`);
    return { ...layout, labelled: false };
  };
  for await (const text of readTexts(paths, optionsFor, stdin, format)) {
    if (signal.aborted) throw new GmlpError('aborted', 'predict: stopped', {}, { cause: signal.reason });
    if (group.push(text) < textsAtOnce) continue;
    yield* await judged(group);
    group = [];
  }
  if (group.length > 0) yield* await judged(group);
}

function prediction(
  { file, record, first, second }: LabelledText & { readonly file: string },
  { probabilities, cut }: TextJudgement,
  classes: readonly string[],
): TextPrediction {
  return {
    ...{ file, record, text: first },
    ...(second !== undefined && { second }),
    class: classes[indicesOfLargest(probabilities, 1)[0]!]!,
    probabilities: Object.fromEntries(classes.map((name, place) => [name, probabilities[place]!])),
    ...(cut > 0 && { cut }),
  };
}

/** Those that can be read and those that cannot, in their order. */
export async function* readTexts(
  paths: readonly string[],
  optionsFor: (kind: LabelledFormat) => ReadLabelledOptions,
  stdin: AsyncIterable<Uint8Array>,
  format: LineFormat | undefined,
): AsyncGenerator<ReadText, void, undefined> {
  for (const file of paths) {
    const bad: ReadText[] = [];
    const onBadRecord = ({ record, reason, detail }: BadRecord): unknown =>
      bad.push({ file, record, error: `${reason} (${detail})` });
    const options = (kind: LabelledFormat): ReadLabelledOptions => ({ ...optionsFor(kind), onBadRecord });
    const other = format ?? 'text';
    const kind = labelledFormatOf(file) ?? other;
    const texts =
      file === '-'
        ? labelledTexts({ name: 'standard input', chunks: stdin }, { ...options(other), format: other })
        : readLabelled(file, { ...options(kind), format: kind });
    for await (const text of texts) {
      yield* bad.splice(0);
      yield { file, ...text };
    }
    yield* bad.splice(0);
  }
}
