/** A language model, which fills masks or is causal, from its directory: checked against its own config, with the tokenizer that it needs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, type HostArray } from '@gmlp/base';
import { decodeSafetensors } from '@gmlp/checkpoint';
import { readModelDirectory } from '@gmlp/checkpoint/node';
import { loadStrict } from '@gmlp/layers';
import { createModel, type GmlpLanguageConfig, type GmlpLanguageOptions, type GmlpMaskedLanguageModel } from '@gmlp/models';
import { expectVocabulary, loadTokenizer, type Tokenizer } from '@gmlp/text';
import type { HostParameters } from '../masked-language/masked-language-task.ts';
import { familiesFor, recipeTasks } from '../recipes/recipe-model.ts';

export interface LoadedLanguageModel {
  readonly config: GmlpLanguageConfig;
  readonly module: GmlpMaskedLanguageModel;
  readonly params: HostParameters;
  readonly tokenizer: Tokenizer;
}

export interface LoadOptions {
  /** Take the running average of the parameters in the place of the parameters. */
  readonly ema?: boolean;
}

export async function loadLanguageModel(directory: string, { ema = false }: LoadOptions = {}): Promise<LoadedLanguageModel> {
  const fail = (problem: string, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `loadLanguageModel: ${directory} ${problem}`, { directory }, { cause });
  const stored = await readModelDirectory(directory);
  const family: unknown = (stored.config as { readonly family?: unknown } | null)?.family;
  const families = new Set(recipeTasks.flatMap(familiesFor));
  if (!families.has(family as string)) {
    throw fail(`holds a model of the family ${JSON.stringify(family)}; expected a language model: ${[...families].join(', ')}`);
  }
  if (stored.tokenizer === undefined) throw fail('has no tokenizer.json; a language model is saved with one');
  try {
    const { config, module } = createModel(stored.config as GmlpLanguageOptions);
    const tokenizer = loadTokenizer(stored.tokenizer);
    expectVocabulary(tokenizer, config.vocabulary);
    const tensors = ema ? await readAverage(directory) : stored.tensors;
    return { config, module, params: loadStrict(module.spec, tensors) as HostParameters, tokenizer };
  } catch (error) {
    throw GmlpError.isInstance(error) ? fail(`cannot be loaded: ${error.message}`, error) : error;
  }
}

async function readAverage(directory: string): Promise<ReadonlyMap<string, HostArray>> {
  const path = join(directory, 'ema.safetensors');
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    const problem = missing ? 'does not exist; runs keep an average when optimiser.ema is set' : cause.message;
    throw new GmlpError(missing ? 'not-found' : 'io', `readAverage: ${path} ${problem}`, { path }, { cause });
  });
  return decodeSafetensors(bytes, path).tensors;
}
