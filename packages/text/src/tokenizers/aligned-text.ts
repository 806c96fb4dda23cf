/** Text on its way to pieces that knows where each of its characters is from, whatever was put in, taken out or replaced before. */
import { type GrowingIds, growingIds } from './growing-ids.ts';

export interface AlignedText {
  readonly text: string;
  /** Where what a UTF-16 unit of `text` was made of begins and ends, in units of the text as it was given. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export function alignedText(text: string): AlignedText {
  const { length } = text;
  return { text, starts: Int32Array.from({ length }, (_, at) => at), ends: Int32Array.from({ length }, (_, at) => at + 1) };
}

/** The span of the given text that `from` to `to` of the aligned one was made of; an empty one stands where it would begin. */
export function spanOf({ starts, ends }: AlignedText, from: number, to: number): readonly [start: number, end: number] {
  if (to > from) return [starts[from]!, ends[to - 1]!];
  const at = from < starts.length ? starts[from]! : (ends.at(-1) ?? 0);
  return [at, at];
}

/**
 * What matches becomes what `by` makes of it. Where that is what `by` makes of each of its characters, these keep their places; else all of it
 * is from the whole match.
 */
export function rewritten(aligned: AlignedText, pattern: RegExp, by: (match: string) => string): AlignedText {
  const { text } = aligned;
  const parts: string[] = [];
  const [starts, ends] = [growingIds(), growingIds()];
  let done = 0;
  const keep = (to: number): void => {
    parts.push(text.slice(done, to));
    starts.append(aligned.starts.subarray(done, to));
    ends.append(aligned.ends.subarray(done, to));
    done = to;
  };
  for (const { 0: match, index } of text.matchAll(pattern)) {
    keep(index);
    const whole = by(match);
    const characters = [...match];
    const each = characters.length === 1 ? [whole] : characters.map((character) => by(character));
    const apart = each.join('') === whole;
    parts.push(whole);
    let at = index;
    for (const [place, made] of (apart ? each : [whole]).entries()) {
      const end = at + (apart ? characters[place]! : match).length;
      const [start, stop] = spanOf(aligned, at, end);
      fill(starts, start, made.length);
      fill(ends, stop, made.length);
      at = end;
    }
    done = index + match.length;
  }
  if (done === 0) return aligned;
  keep(text.length);
  return { text: parts.join(''), starts: starts.all(), ends: ends.all() };
}

/** Text that is of no place stands in front of the rest. */
export function withPrefix({ text, starts, ends }: AlignedText, prefix: string): AlignedText {
  const first = new Int32Array(prefix.length).fill(starts[0] ?? 0);
  return { text: prefix + text, starts: joined(first, starts), ends: joined(first, ends) };
}

export function slicedText({ text, starts, ends }: AlignedText, from: number, to: number): AlignedText {
  return { text: text.slice(from, to), starts: starts.subarray(from, to), ends: ends.subarray(from, to) };
}

function fill(ids: GrowingIds, value: number, count: number): void {
  for (let i = 0; i < count; i++) ids.push(value);
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
