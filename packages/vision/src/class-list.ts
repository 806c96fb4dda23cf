/**
 * Which classes there are, in the order of their labels. Without a list they are the ids that occur, in the order of their UTF-16
 * units, which for WordNet ids is the order that everybody numbers ImageNet's classes in (n01440764, the tench, is 0); the numbers
 * of ImageNet's own development kit are others.
 */
import { GmlpError, listedNames } from '@gmlp/base';
import type { ImageClass } from './image-source.ts';

const wordnet = /^(n\d{8})(?:\s+(\S.*))?$/;

/**
 * The classes in a file of text, one a line in the order of their labels: a WordNet id and words (ImageNet's `synset_words.txt`,
 * Kaggle's `LOC_synset_mapping.txt`), an id, a tab and a name, or a name alone.
 */
export function parseClassList(text: string, file: string): ImageClass[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim());
  const filled = lines.filter((line) => line !== '');
  const ofWordnet = filled.length > 0 && filled.every((line) => wordnet.test(line));
  const classes = filled.map((line): ImageClass => {
    const [, id, words] = ofWordnet ? wordnet.exec(line)! : (/^([^\t]+)\t+(.*)$/.exec(line) ?? [line, line, line]);
    return { id: id!.trim(), name: words?.trim() || id!.trim() };
  });
  if (classes.length === 0)
    throw new GmlpError('invalid-data', `parseClassList: ${file} names no class; expected one a line`, { file });
  expectDistinct(classes, file);
  const unsorted = classes.findIndex(({ id }, at) => at > 0 && id < classes[at - 1]!.id);
  if (ofWordnet && unsorted > 0) {
    const [before, after] = [classes[unsorted - 1]!.id, classes[unsorted]!.id];
    throw new GmlpError(
      'invalid-data',
      `parseClassList: ${file}, line ${lines.indexOf(filled[unsorted]!) + 1}: ${after} stands behind ${before}, but WordNet ids are numbered in their sorted order; sort the lines, or images get the labels of other classes`,
      { file },
    );
  }
  return classes;
}

/** Two classes of one id would share a label. */
export function expectDistinct(classes: readonly ImageClass[], file: string): void {
  const seen = new Set<string>();
  for (const { id } of classes) {
    if (seen.has(id))
      throw new GmlpError('invalid-data', `parseClassList: ${file} names the class ${listedNames([id])} twice`, { file });
    seen.add(id);
  }
}

/** The ids that occur, sorted, each as its own name. */
export const classesOfIds = (ids: Iterable<string>): ImageClass[] =>
  [...new Set(ids)].sort(byUnits).map((id) => ({ id, name: id }));

/** The same classes with the names that a list gives them, whatever its order. */
export function withNames(classes: readonly ImageClass[], names: readonly ImageClass[]): ImageClass[] {
  const known = new Map(names.map(({ id, name }) => [id, name]));
  return classes.map(({ id, name }) => ({ id, name: known.get(id) ?? name }));
}

/** The same on every machine, whatever its language. */
export const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
