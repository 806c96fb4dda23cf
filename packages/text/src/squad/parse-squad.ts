/**
 * The JSON of SQuAD, versions 1.1 and 2.0: articles of paragraphs, each a context with questions and the answers in it. Offsets are in
 * Unicode code points, as Python counts them, and are given in UTF-16 units here, as JavaScript does.
 */
import { GmlpError } from '@gmlp/base';

export interface SquadAnswer {
  readonly text: string;
  /** Where it begins in the context, in UTF-16 units; undefined where the context does not have the answer at its offset. */
  readonly start: number | undefined;
}

export interface SquadQuestion {
  readonly id: string;
  readonly question: string;
  readonly context: string;
  /** None: it cannot be answered from the context. */
  readonly answers: readonly SquadAnswer[];
}

/** All questions in the order of the file; an error names the place in it: `data[3].paragraphs[0].qas[2].id`. */
export function parseSquad(text: string, file: string): readonly SquadQuestion[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GmlpError('invalid-data', `parseSquad: ${file} is not JSON: ${(cause as Error).message}`, { file }, { cause });
  }
  const questions: SquadQuestion[] = [];
  const places = new Map<string, string>();
  const at = reader(file);
  for (const [article, articlePath] of at.list(at.field(json, '', 'data'), 'data')) {
    for (const [paragraph, path] of at.list(at.field(article, articlePath, 'paragraphs'), `${articlePath}.paragraphs`)) {
      const context = at.text(at.field(paragraph, path, 'context'), `${path}.context`);
      const offsets = offsetsOf(context);
      for (const [each, place] of at.list(at.field(paragraph, path, 'qas'), `${path}.qas`)) {
        const id = at.text(at.field(each, place, 'id'), `${place}.id`);
        const before = places.get(id);
        if (before !== undefined) throw at.fail(`${place}.id`, `an id of its own, got "${id}" of ${before} again`);
        places.set(id, place);
        const question = at.text(at.field(each, place, 'question'), `${place}.question`);
        const answers = at.list(at.field(each, place, 'answers'), `${place}.answers`).map(([answer, answerPath]): SquadAnswer => {
          const answerText = at.text(at.field(answer, answerPath, 'text'), `${answerPath}.text`);
          const offset = at.field(answer, answerPath, 'answer_start');
          if (!Number.isSafeInteger(offset)) throw at.fail(`${answerPath}.answer_start`, `a whole number, got ${shown(offset)}`);
          const start = offsets(offset as number);
          const there = start !== undefined && context.startsWith(answerText, start);
          return { text: answerText, start: there ? start : undefined };
        });
        questions.push({ id, question, context, answers });
      }
    }
  }
  return questions;
}

/** From code points to UTF-16 units; the same wherever there is no character of two units. */
function offsetsOf(context: string): (offset: number) => number | undefined {
  const inside = (unit: number): number | undefined => (unit >= 0 && unit <= context.length ? unit : undefined);
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(context)) return inside;
  const units: number[] = [];
  let unit = 0;
  for (const point of context) {
    units.push(unit);
    unit += point.length;
  }
  units.push(unit);
  return (offset) => units[offset];
}

function reader(file: string) {
  const fail = (path: string, expected: string): GmlpError =>
    new GmlpError('invalid-data', `parseSquad: ${file}: ${path || 'the file'}: expected ${expected}`, { file, path });
  return {
    fail,
    field(value: unknown, path: string, name: string): unknown {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail(path, `an object, got ${shown(value)}`);
      const own = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
      if (own === undefined) throw fail(path, `a field "${name}"`);
      return own;
    },
    list(value: unknown, path: string): readonly (readonly [item: unknown, path: string])[] {
      if (!Array.isArray(value)) throw fail(path, `a list, got ${shown(value)}`);
      return value.map((item: unknown, index) => [item, `${path}[${index}]`] as const);
    },
    text(value: unknown, path: string): string {
      if (typeof value !== 'string') throw fail(path, `a text, got ${shown(value)}`);
      return value;
    },
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
