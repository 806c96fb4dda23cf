/** About how many tokens a text has, from the sizes of its files: nothing is read. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { listTextFiles } from '@gmlp/text/node';
import type { RecipeData } from '../recipes/recipe.ts';
import { listShards } from '../tasks/text/list-shards.ts';
import { addressesFolder } from '../tasks/text/text-source.ts';

/** Of English: 4.25 in the addresses with 4,096 pieces. */
export const bytesPerToken = 4.25;
/** Bytes of text in a byte of a gzip file of C4, whose records are for a tenth addresses and dates. */
const textInGzip = 2.2;
const textInJson = 0.9;

export interface TextLength {
  readonly documents: number;
  readonly tokens: number;
}

/** Of shards only the bytes are known: a document of C4 has about 2,200. `undefined` where the text is not there. */
export async function textLength(data: RecipeData): Promise<TextLength | undefined> {
  try {
    const files = await filesOf(data);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size * textIn(file)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes === 0) return undefined;
    return { documents: data.source === 'c4' ? Math.ceil(bytes / 2200) : files.length, tokens: bytes / bytesPerToken };
  } catch (error) {
    if (GmlpError.isInstance(error) && (error.code === 'not-found' || error.code === 'io')) return undefined;
    throw error;
  }
}

/** The part that is not held out. */
export function trainedPart({ heldOut }: RecipeData, { documents }: TextLength): number {
  return heldOut < 1 ? 1 - heldOut : Math.max(0, 1 - heldOut / documents);
}

async function filesOf({ source, path = '' }: RecipeData): Promise<readonly string[]> {
  if (source === 'c4') return (await listShards(path)).shards;
  const { root, files } = await listTextFiles(source === 'sotu' ? addressesFolder() : path);
  return files.map((file) => join(root, file));
}

const textIn = (file: string): number => (/\.gz$/i.test(file) ? textInGzip : /\.jsonl?$/i.test(file) ? textInJson : 1);
