/** A language model, which fills masks or is causal, from its directory: checked against its own config, with the tokenizer that it needs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GmlpError, type HostArray, plainMessage } from '@gmlp/base';
import { expectUndamaged, readModelDirectory, readSafetensorsFile } from '@gmlp/checkpoint/node';
import { loadStrict } from '@gmlp/layers';
import { type ConfigOf, createModel, type ModelOptions } from '@gmlp/models';
import { expectVocabulary, loadTokenizer, type Tokenizer } from '@gmlp/text';
import type { LanguageModule, LanguageParameters } from '../tasks/text/language-objective.ts';

/** The families that score the pieces of a vocabulary at chosen positions, whoever trained them: this command, a page or a program. */
export const languageFamilies = ['gmlp-language', 'bert', 'mixer-language'] as const;

export type LanguageFamily = (typeof languageFamilies)[number];

export interface LoadedLanguageModel {
  readonly config: ConfigOf<LanguageFamily>;
  readonly module: LanguageModule;
  /** Host arrays in the tree of the parameters. */
  readonly params: LanguageParameters;
  readonly tokenizer: Tokenizer;
}

/** Whether a model sees no later token: it then goes on with a text, and fills no masks. */
export const isCausal = (config: LoadedLanguageModel['config']): boolean => config.family === 'gmlp-language' && config.causal;

export interface LoadOptions {
  /** Take the running average of the parameters in the place of the parameters. */
  readonly ema?: boolean;
}

export async function loadLanguageModel(directory: string, { ema = false }: LoadOptions = {}): Promise<LoadedLanguageModel> {
  const fail = (problem: string, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `loadLanguageModel: ${directory} ${problem}`, { directory }, { cause });
  const stored = await readModelDirectory(directory);
  const family: unknown = (stored.config as { readonly family?: unknown } | null)?.family;
  if (!languageFamilies.some((each) => each === family)) {
    const expected = languageFamilies.join(', ');
    throw fail(
      `holds a model of the family ${JSON.stringify(family)}; expected one that fills masks or goes on with a text: ${expected}`,
    );
  }
  if (stored.tokenizer === undefined) throw fail('has no tokenizer.json; a language model is saved with one');
  try {
    const created = createModel(stored.config as ModelOptions);
    const { config, module } = created as unknown as Pick<LoadedLanguageModel, 'config' | 'module'>; // of one of the families above
    const tokenizer = loadTokenizer(stored.tokenizer);
    expectVocabulary(tokenizer, config.vocabulary);
    const tensors = ema ? await readAverage(directory) : stored.tensors;
    return { config, module, params: loadStrict(module.spec, tensors), tokenizer };
  } catch (error) {
    throw GmlpError.isInstance(error) ? fail(`cannot be loaded: ${plainMessage(error)}`, error) : error;
  }
}

async function readAverage(directory: string): Promise<ReadonlyMap<string, HostArray>> {
  const name = 'ema.safetensors';
  const path = join(directory, name);
  if (!existsSync(path)) {
    const problem = 'does not exist; runs keep an average when optimiser.ema is set';
    throw new GmlpError('not-found', `readAverage: ${path} ${problem}`, { path });
  }
  await expectUndamaged(directory, { names: [name] });
  return (await readSafetensorsFile(path)).tensors;
}
