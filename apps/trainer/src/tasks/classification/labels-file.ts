/** `labels.json` among the files of a saved model: its classes in the order of its outputs, and how files of such texts are read. */
import { GmlpError } from '@gmlp/base';
import { type JsonFormat, modelFileNames, parseVersionedJson, versionedJson } from '@gmlp/checkpoint';
import { type GlueTaskName, glueTasks } from '@gmlp/text';
import type { ClassificationData, TextLayout } from './classification-data.ts';

export const labelsFile = modelFileNames.labels;

export interface TextLabels extends TextLayout {
  readonly classes: readonly string[];
}

const format: JsonFormat = { format: 'gmlp-labels', version: 1 };
const layoutNames = ['glue', 'first', 'second', 'label'] as const;

export function formatLabels(data: Pick<ClassificationData, 'classes'> & TextLayout): string {
  const layout = layoutNames.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]]));
  return versionedJson('formatLabels', format, { classes: data.classes, ...Object.fromEntries(layout) });
}

/** Errors: `not-found` where the model has none, `invalid-data` for one that is none. */
export function readLabels(modelFiles: ReadonlyMap<string, string>): TextLabels {
  const text = modelFiles.get(labelsFile);
  if (text === undefined) {
    throw new GmlpError(
      'not-found',
      `the model has no ${labelsFile}, which names its classes; gmlp finetune trains one that has it`,
    );
  }
  const kind = 'the classes of a model';
  const { classes, ...rest } = parseVersionedJson(text, format, {
    where: 'readLabels',
    path: labelsFile,
    kind,
    needed: ['classes'],
  });
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `readLabels: ${labelsFile}: ${problem}`);
  if (!Array.isArray(classes) || classes.length < 1 || !classes.every((name) => typeof name === 'string'))
    throw fail('expected classes to be a list of names');
  const layout: Record<string, string> = {};
  for (const name of layoutNames) {
    const value = rest[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw fail(`expected ${name} to be a text`);
    layout[name] = value;
  }
  if (layout['glue'] !== undefined && !Object.hasOwn(glueTasks, layout['glue']))
    throw fail(`${layout['glue']} is no task of GLUE that this gmlp knows`);
  return { classes: classes as string[], ...(layout as { readonly glue?: GlueTaskName }) };
}
