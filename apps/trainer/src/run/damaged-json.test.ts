/** Every JSON file that is read back, in a few hundred wrong versions: an error of ours that names the file, or what was there. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError, hostArray } from '@gmlp/base';
import { loadCheckpoint, saveCheckpoint } from '@gmlp/checkpoint/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inspectModel } from '../inspect/inspect-model.ts';
import { sotu } from '../recipes/sotu.ts';
import { readRunAnswers, writeRunAnswers } from '../report/run-answers.ts';
import { writeSmallModel } from '../saved-model/small-saved-model.ts';
import { taskOf } from '../tasks/table.ts';
import { readTextMark, writeTextMark } from '../tasks/text/text-mark.ts';
import type { TextSettings } from '../tasks/text/text-settings.ts';
import { readRunFile, writeRunFile } from './run-file.ts';
import { readRunState, writeRunState } from './run-state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-damaged-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const nested = (depth: number): Json => (depth === 0 ? 0 : [nested(depth - 1)]);
const wrong: readonly Json[] = [null, true, -1, 1e308, 'x', [], {}, nested(200)];
const kindOf = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function* placesOf(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) yield* placesOf(child as Json, [...path, name]);
}

const at = (value: Json, path: readonly string[]): Json =>
  path.reduce((node, name) => (node as Record<string, Json>)[name]!, value);

/** With another value in a place, or none. */
function changed(value: Json, [name, ...rest]: readonly string[], put: Json | undefined): Json | undefined {
  if (name === undefined) return put;
  const entries = Object.entries(value as object).flatMap(([each, child]: [string, Json]) => {
    const now = each === name ? changed(child, rest, put) : child;
    return now === undefined ? [] : [[each, now] as const];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

/** Of one place in the tree, or of the text: cut short, a bit flipped, a name that JavaScript takes for something else. */
function* damaged(text: string): Generator<{ readonly what: string; readonly text: string; readonly otherKind: boolean }> {
  const whole = JSON.parse(text) as Json;
  for (const path of placesOf(whole)) {
    for (const put of [...wrong, undefined]) {
      const otherKind = put === undefined || kindOf(put) !== kindOf(at(whole, path));
      const now = JSON.stringify(changed(whole, path, put)) ?? '';
      yield { what: `${path.join('.')} = ${JSON.stringify(put)?.slice(0, 40)}`, text: now, otherKind };
    }
  }
  for (let length = 0; length < text.length - 2; length += Math.ceil(text.length / 12)) {
    yield { what: `cut at ${length}`, text: text.slice(0, length), otherKind: true };
    const flipped = String.fromCharCode(text.charCodeAt(length) ^ 4);
    yield { what: `flipped at ${length}`, text: text.slice(0, length) + flipped + text.slice(length + 1), otherKind: false };
  }
  yield { what: '__proto__', text: text.replace('{', '{"__proto__": {"steps": 1},'), otherKind: true };
}

/** A place may hold one kind or null. */
interface Read {
  readonly path: string;
  readonly named?: string;
  readonly read: () => Promise<unknown>;
  /** Places that may be empty, or of several kinds. */
  readonly free?: RegExp;
}

async function expectNamedOrSame({ path, named = path, read, free = /^$/ }: Read): Promise<void> {
  const text = await readFile(path, 'utf8');
  const before = JSON.stringify(await read());
  let tried = 0;
  for (const each of damaged(text)) {
    await writeFile(path, each.text);
    tried++;
    const outcome = await read().then(
      (value) => ({ value: JSON.stringify(value) }),
      (error: unknown) => ({ error }),
    );
    if ('error' in outcome) {
      const { error } = outcome;
      expect(GmlpError.isInstance(error) ? error.message : `${each.what}: ${String(error)}`).toContain(named);
    } else if (each.otherKind && !free.test(each.what)) expect([each.what, outcome.value]).toEqual([each.what, before]);
  }
  expect(tried).toBeGreaterThan(50);
  await writeFile(path, text);
  expect(JSON.stringify(await read())).toBe(before);
}

it('run.json', async () => {
  await writeRunFile(folder, sotu, 'ort-cpu');
  // What a recipe says about itself is no setting.
  const free =
    /^recipe\.(optimiser\.(clipNorm|ema)|evaluation\.patience) = (?!undefined)|^recipe\.(claim|command|paper)\b|^settings( |\.\d+ )= undefined/;
  await expectNamedOrSame({ path: join(folder, 'run.json'), read: () => readRunFile(folder), free });
});

it('the state.json and report.json of a run', async () => {
  await writeRunState(folder, { state: 'failed', step: 3, steps: 5, message: 'it fell' });
  await expectNamedOrSame({ path: join(folder, 'state.json'), read: () => readRunState(folder), free: /^message/ });
  const filled = [{ before: 'a ', after: '.', answer: 'cat', guesses: [{ piece: 'cat', probability: 0.5 }] }];
  await writeRunAnswers(folder, { step: 3, baseline: { unigramPerplexity: 20 }, answers: { filled } });
  await expectNamedOrSame({
    path: join(folder, 'report.json'),
    read: () => readRunAnswers(folder, taskOf('masked-language')),
    free: /^(answers( |\.filled\.\S*(0|answer) )|baseline\.\S+ )= undefined/,
  });
});

it('a damaged file of a run says what to do about it', async () => {
  for (const content of [
    '',
    'null',
    '{"format": "gmlp-run-state", "version": 1}',
    '{"format": "gmlp-run-report", "version": 2}',
  ]) {
    for (const name of ['state.json', 'report.json', 'run.json']) await writeFile(join(folder, name), content);
    await expect(readRunState(folder)).rejects.toThrow(/state\.json.*; remove it: the run goes on without it/);
    await expect(readRunAnswers(folder, taskOf('masked-language'))).rejects.toThrow(
      /report\.json.*; remove it: a report is written/,
    );
    await expect(readRunFile(folder)).rejects.toThrow(/run\.json.*; put it back from a copy/);
  }
});

it('text.json', async () => {
  const settings: TextSettings = { source: 'text', path: '/books', heldOut: 2, vocabulary: 300, tokens: 16 };
  const hash = 'a'.repeat(64);
  const fingerprints = { source: hash, tokenizer: hash, training: hash, validation: hash };
  await writeTextMark(folder, settings, {
    documents: { training: 3, validation: 2 },
    fingerprints,
    seed: 0,
    looked: { files: hash, source: hash },
  });
  const read = () => readTextMark(folder, settings);
  await expectNamedOrSame({ path: join(folder, 'text.json'), read, free: /^(seed|looked) = undefined/ });
});

it('the files of a checkpoint', async () => {
  const model = new Map([['a', hostArray('float32', [2], Float32Array.of(1, 2))]]);
  const state = { seconds: 1, evaluations: [{ step: 1 }] };
  const path = await saveCheckpoint(folder, { step: 3, config: { layers: 1 }, model, optimiser: model, state });
  for (const name of ['manifest.json', 'config.json', 'state.json'])
    await expectNamedOrSame({ path: join(path, name), named: path, read: () => loadCheckpoint(path) });
});

it('the config.json of a model', async () => {
  await writeSmallModel(folder);
  const read = () => inspectModel(folder);
  await expectNamedOrSame({ path: join(folder, 'config.json'), named: folder, read, free: /^model\.\S+ = undefined/ });
});
