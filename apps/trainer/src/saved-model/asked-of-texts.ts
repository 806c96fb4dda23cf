import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFileNames } from '@gmlp/checkpoint';

/** What a model of a directory is asked of texts, if it is; what is wrong with its config, who loads it says. */
export async function askedOfTexts(directory: string): Promise<'class' | 'answer' | undefined> {
  const text = await readFile(join(directory, modelFileNames.config), 'utf8').catch(() => '');
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { model, architectures } = (config ?? {}) as { readonly model?: unknown; readonly architectures?: unknown };
  const { family } = (model ?? {}) as { readonly family?: unknown };
  const named = Array.isArray(architectures) ? (architectures[0] as unknown) : undefined;
  if (family === 'sequence-classification' || named === 'BertForSequenceClassification') return 'class';
  return family === 'extractive-span' || named === 'BertForQuestionAnswering' ? 'answer' : undefined;
}
