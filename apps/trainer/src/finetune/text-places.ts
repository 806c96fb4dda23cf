/** Where classified texts are: a file, or a folder of files with the names that GLUE's have, or those of Hugging Face. */
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { GmlpError, listedNames } from '@gmlp/base';
import { labelledFormatOf } from '@gmlp/text/node';

export interface TextPlaces {
  readonly training: string;
  /** Absent: a part of what is trained on is held out. */
  readonly validation?: string;
  /** More files to measure the trained model on, by what they are called: MNLI's mismatched. */
  readonly further: Readonly<Record<string, string>>;
}

const names = {
  training: ['train', 'training'],
  validation: ['dev_matched', 'validation_matched', 'dev', 'validation', 'valid', 'val'],
  further: { mismatched: ['dev_mismatched', 'validation_mismatched'] },
} as const;

/** Errors: `not-found` for what is not there, and for a folder without a file to train on, with what it holds. */
export async function textPlaces(path: string): Promise<TextPlaces> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new GmlpError('not-found', `the texts ${path} do not exist`, { path }, { cause });
  });
  if (!found.isDirectory()) return { training: path, further: {} };
  const there = (await readdir(path)).sort();
  const file = (stems: readonly string[]): string | undefined => {
    const fitting = stems.flatMap((stem) => there.filter((name) => stemOf(name) === stem && hasTexts(name)));
    const [found, ...others] = fitting.filter((name) => stemOf(name) === stemOf(fitting[0]!));
    if (found !== undefined && others.length > 0) throw several(path, fitting);
    return found === undefined ? undefined : join(path, found);
  };
  const training = file(names.training);
  if (training === undefined) {
    throw new GmlpError(
      'not-found',
      `${path} has no file to train on: expected train.tsv, train.csv, train.jsonl or train.parquet, got ${listedNames(there) || 'nothing'}`,
      { path },
    );
  }
  const validation = file(names.validation);
  const further = Object.entries(names.further).flatMap(([name, stems]) => {
    const each = file(stems);
    return each === undefined ? [] : [[name, each] as const];
  });
  return { training, ...(validation !== undefined && { validation }), further: Object.fromEntries(further) };
}

/** The same of questions: SQuAD's own names have its version, `train-v1.1.json` and `dev-v2.0.json`. */
export async function questionPlaces(path: string, version: string): Promise<TextPlaces> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new GmlpError('not-found', `the questions ${path} do not exist`, { path }, { cause });
  });
  if (!found.isDirectory()) return { training: path, further: {} };
  const there = (await readdir(path)).sort();
  const file = (stem: string): string | undefined => {
    const name = [`${stem}-v${version}.json`, `${stem}.json`].find((each) => there.includes(each));
    return name && join(path, name);
  };
  const training = file('train');
  if (training === undefined) {
    throw new GmlpError(
      'not-found',
      `${path} has no file to train on: expected train-v${version}.json or train.json, got ${listedNames(there) || 'nothing'}`,
      { path },
    );
  }
  const validation = file('dev');
  return { training, ...(validation !== undefined && { validation }), further: {} };
}

/** Without the end, and without what Hugging Face numbers the files of a part by. */
const stemOf = (name: string): string => name.slice(0, name.length - extname(name).length).replace(/-\d{5}-of-\d{5}$/, '');

const hasTexts = (name: string): boolean => !['text', undefined].includes(labelledFormatOf(name));

const several = (path: string, names: readonly string[]): GmlpError =>
  new GmlpError('invalid-argument', `${path} has ${listedNames(names)}, of which one is read: name the file itself with --data`, {
    path,
  });
