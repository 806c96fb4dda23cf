/** `preprocessing.json`, which a model of images is saved with: its classes, and what an image goes through before it. */
import { GmlpError } from '@gmlp/base';
import type { ImageClass } from '../image-source.ts';
import type { EvaluationTransform } from './evaluation-transform.ts';
import type { Channels } from './normalised.ts';

export interface ImagePreprocessing {
  /** In the order of the model's outputs. */
  readonly classes: readonly ImageClass[];
  readonly transform: EvaluationTransform;
}

const formatVersion = 1;

/** The text of the file. */
export function formatPreprocessing({ classes, transform }: ImagePreprocessing): string {
  return `${JSON.stringify({ formatVersion, classes, transform }, null, 2)}\n`;
}

/** Reads the text of a file of any origin; what is wrong with it, or newer than this package, is an error of code `invalid-data`. */
export function parsePreprocessing(text: string): ImagePreprocessing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong('it is no JSON', cause);
  }
  const file = fieldsOf(value, 'it');
  if (file['formatVersion'] !== formatVersion) {
    throw wrong(`its formatVersion is ${shown(file['formatVersion'])}, this version reads ${formatVersion}`);
  }
  const { classes } = file;
  if (!Array.isArray(classes)) throw wrong(`classes is ${shown(classes)}, expected a list`);
  const transform = fieldsOf(file['transform'], 'transform');
  const size = number(transform['size'], 'transform.size');
  if (!Number.isInteger(size)) throw wrong(`transform.size is ${size}, expected whole pixels`);
  const { interpolation } = transform;
  if (interpolation !== 'bicubic' && interpolation !== 'bilinear')
    throw wrong(`transform.interpolation is ${shown(interpolation)}, expected "bicubic" or "bilinear"`);
  return {
    classes: classes.map(classOf),
    transform: {
      size,
      cropFraction: number(transform['cropFraction'], 'transform.cropFraction'),
      interpolation,
      mean: channels(transform['mean'], 'transform.mean', Number.isFinite),
      deviation: channels(transform['deviation'], 'transform.deviation', (each) => each > 0 && Number.isFinite(each)),
    },
  };
}

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw wrong(`${name} is ${shown(value)}, expected an object`);
}

function classOf(value: unknown, index: number): ImageClass {
  const { id, name } = fieldsOf(value, `class ${index}`);
  if (typeof id === 'string' && typeof name === 'string') return { id, name };
  throw wrong(`class ${index} is ${shown(value)}, expected an id and a name`);
}

function number(value: unknown, name: string): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw wrong(`${name} is ${shown(value)}, expected a number above 0`);
}

function channels(value: unknown, name: string, fits: (value: number) => boolean): Channels {
  const given: readonly unknown[] = Array.isArray(value) && value.length === 3 ? value : [];
  const [red, green, blue] = given.filter((each): each is number => typeof each === 'number' && fits(each));
  if (red !== undefined && green !== undefined && blue !== undefined) return [red, green, blue];
  throw wrong(`${name} is ${shown(value)}, expected a number for red, green and blue`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not there';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const wrong = (problem: string, cause?: unknown): GmlpError =>
  new GmlpError(
    'invalid-data',
    `parsePreprocessing: expected the preprocessing.json of a model of images, but ${problem}`,
    {},
    { cause },
  );
