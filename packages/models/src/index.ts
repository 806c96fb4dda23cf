export { type CreatedModel, createModel } from './create-model.ts';
export {
  type GmlpLanguageConfig,
  type GmlpLanguageOptions,
  type GmlpLanguageParameters,
  gmlpLanguage,
  gmlpLanguageSchema,
} from './gmlp-language.ts';
export {
  type GmlpMaskedLanguageParameters,
  gmlpMaskedLanguage,
  type MaskedLanguageInput,
  type MaskedLanguageModel,
} from './gmlp-masked-language.ts';
export {
  type MaskedLanguageHead,
  type MaskedLanguageHeadConfig,
  type MaskedLanguageHeadOptions,
  type MaskedLanguageHeadParameters,
  maskedLanguageHead,
} from './heads/masked-language.ts';
export { type CheckedConfig, type ConfigProblem, checkConfig } from './parse-config.ts';
export { checkTokenIds } from './token-ids.ts';
export { findVariant, type PaperFigures, type Variant, variants } from './variants.ts';
export { type LucidrainsModel, lucidrainsNames, readLucidrains } from './weight-names/lucidrains.ts';
