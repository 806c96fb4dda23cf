export type { BertOptions } from './bert.ts';
export { changeImageSize, type ImageModelWeights, type ResizedModel } from './change-image-size.ts';
export { changeSequenceLength } from './change-sequence-length.ts';
export { type CreatedModel, createModel } from './create-model.ts';
export { type BeamDecoded, type BeamSearchOptions, beamSearch } from './decoding/beam-search.ts';
export { greedySearch } from './decoding/greedy-search.ts';
export type { Decoded, Hypothesis, NextLogProbabilities, SearchOptions } from './decoding/next-log-probabilities.ts';
export { type SampleOptions, sampleNextToken } from './decoding/sample-next-token.ts';
export { type SamplingSearchOptions, samplingSearch } from './decoding/sampling-search.ts';
export type { ExtractiveSpanOptions } from './extractive-span.ts';
export {
  type ConfigOf,
  type FamilyName,
  families,
  familyNames,
  familyOf,
  type ModelConfig,
  type ModelOf,
  type ModelOptions,
  type OptionsOf,
  type ParametersOf,
} from './families.ts';
export type { Family, Forward, InputDescriptions, ModelFacts } from './family.ts';
export { type GmlpLanguageOptions, gmlpMaskedLanguage } from './gmlp-language.ts';
export { type GmlpVisionOptions, gmlpImageClassifier } from './gmlp-vision.ts';
export { distilledHead } from './heads/distilled.ts';
export type { MaskedLanguageInput } from './masked-language.ts';
export { type MaskedLanguageBatch, maskedLanguageLoss } from './masked-language-loss.ts';
export type { MixerLanguageOptions } from './mixer-language.ts';
export type { MixerVisionOptions } from './mixer-vision.ts';
export { type CheckedConfig, type ConfigProblem, checkConfig } from './parse-config.ts';
export { isForeignConfig, loadModelFiles, type PretrainedModel } from './pretrained-format.ts';
export type { ResmlpOptions } from './resmlp.ts';
export type { SequenceClassificationOptions } from './sequence-classification.ts';
export type { TextFeaturesOptions } from './text-features.ts';
export { type GenerateOptions, type TextGenerator, textGenerator } from './text-generator.ts';
export type { TextInput } from './text-input.ts';
export type { TransformerOptions } from './transformer.ts';
export type { PaperFigures } from './variant.ts';
export { findVariant, type Variant, type VariantName, variants, variantsOf } from './variants.ts';
export { type VitOptions, vit } from './vit.ts';
export { type HuggingFaceBertModel, readHuggingFaceBert, writeHuggingFaceBert } from './weight-names/hugging-face-bert.ts';
export { huggingFaceBertOptions } from './weight-names/hugging-face-bert-config.ts';
export { lucidrainsNames, readLucidrains, writeLucidrains } from './weight-names/lucidrains.ts';
export { type NameMap, type NameRule, readWeights, writeWeights } from './weight-names/name-map.ts';
export { readTimm, type TimmModel, writeTimm } from './weight-names/timm.ts';
export { wordPieceTokenizer } from './weight-names/word-piece-tokenizer.ts';
export { withTrainedBody } from './with-trained-body.ts';
