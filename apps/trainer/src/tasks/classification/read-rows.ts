/** A file of classified texts, as rows of ids. */
import { GmlpError } from '@gmlp/base';
import type { Tokenizer } from '@gmlp/text';
import { type BadRecord, readLabelled } from '@gmlp/text/node';
import type { TextLabels } from './labels-file.ts';
import { layoutOptions } from './layout-options.ts';
import { type TextRows, textRows } from './text-rows.ts';

export interface ReadRowsOptions {
  readonly labels: TextLabels;
  readonly tokenizer: Tokenizer;
  readonly tokens: number;
  /** Hears of what cannot be used, and may throw. */
  readonly onBad: (bad: BadRecord) => void;
  readonly onProgress?: (rows: number) => void;
}

export async function readRows(path: string, { labels, onBad, ...options }: ReadRowsOptions): Promise<TextRows> {
  const texts = readLabelled(path, { ...layoutOptions(labels, path), onBadRecord: onBad });
  const rows = await textRows(texts, { ...options, path });
  if (rows.count > 0) return rows;
  throw new GmlpError('invalid-data', `${path} has no text with a class that can be used`, { path });
}
