/** A model from a variant's name or a config as read from a file. */
import { GmlpError } from '@gmlp/base';
import { type GmlpLanguageConfig, type GmlpLanguageOptions, gmlpLanguageSchema } from './gmlp-language.ts';
import { gmlpMaskedLanguage, type MaskedLanguageModel } from './gmlp-masked-language.ts';
import { parseConfig, shown } from './parse-config.ts';
import { findVariant } from './variants.ts';

export interface CreatedModel {
  /** Complete, with defaults filled in: what belongs in a model directory. */
  readonly config: GmlpLanguageConfig;
  readonly module: MaskedLanguageModel;
}

/** `createModel('gmlp_base')`, or any config: it is checked, so it may come from outside. */
export function createModel(nameOrConfig: string | GmlpLanguageOptions): CreatedModel {
  const given: unknown = typeof nameOrConfig === 'string' ? findVariant(nameOrConfig).config : nameOrConfig;
  const family = typeof given === 'object' && given !== null && 'family' in given ? given.family : undefined;
  if (family !== 'gmlp-language') {
    throw new GmlpError('invalid-config', `createModel: config.family must be "gmlp-language", got ${shown(family)}`, { family });
  }
  const config = parseConfig('createModel', gmlpLanguageSchema, given);
  return { config, module: gmlpMaskedLanguage(config) };
}
