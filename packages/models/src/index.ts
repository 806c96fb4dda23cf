export {
  type BertConfig,
  type BertMaskedLanguageModel,
  type BertMaskedLanguageParameters,
  type BertOptions,
  type BertParameters,
  bert,
  bertMaskedLanguage,
  bertSchema,
} from './bert.ts';
export { changeSequenceLength } from './change-sequence-length.ts';
export { type CreatedModel, createModel } from './create-model.ts';
export { type BeamDecoded, type BeamSearchOptions, beamSearch } from './decoding/beam-search.ts';
export { greedySearch } from './decoding/greedy-search.ts';
export type { Decoded, Hypothesis, NextLogProbabilities, SearchOptions } from './decoding/next-log-probabilities.ts';
export { type SampleOptions, sampleNextToken } from './decoding/sample-next-token.ts';
export { type SamplingSearchOptions, samplingSearch } from './decoding/sampling-search.ts';
export {
  type ExtractiveSpanConfig,
  type ExtractiveSpanModel,
  type ExtractiveSpanOptions,
  type ExtractiveSpanParameters,
  extractiveSpan,
} from './extractive-span.ts';
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
} from './families.ts';
export type { Family, Forward, InputDescriptions } from './family.ts';
export {
  type GmlpLanguageConfig,
  type GmlpLanguageOptions,
  type GmlpLanguageParameters,
  type GmlpLanguageWeights,
  type GmlpMaskedLanguageModel,
  type GmlpMaskedLanguageParameters,
  gmlpLanguage,
  gmlpLanguageSchema,
  gmlpMaskedLanguage,
} from './gmlp-language.ts';
export {
  type GmlpVisionClassifierParameters,
  type GmlpVisionConfig,
  type GmlpVisionOptions,
  type GmlpVisionParameters,
  gmlpImageClassifier,
  gmlpVision,
} from './gmlp-vision.ts';
export { type DistilledHead, type DistilledHeadParameters, type DistilledLogits, distilledHead } from './heads/distilled.ts';
export {
  type ImageClassificationHeadConfig,
  type ImageClassificationHeadOptions,
  imageClassificationHead,
} from './heads/image-classification.ts';
export {
  type MaskedLanguageHead,
  type MaskedLanguageHeadConfig,
  type MaskedLanguageHeadOptions,
  type MaskedLanguageHeadParameters,
  maskedLanguageHead,
} from './heads/masked-language.ts';
export { imageClassifier } from './image-classifier.ts';
export type { ImageChoices, ImageHead, ImageOptions, ImageSizes } from './image-config.ts';
export type { LanguageChoices, LanguageHead, LanguageOptions, LanguageSizes } from './language-config.ts';
export { type MaskedLanguageInput, type MaskedLanguageModel, maskedLanguageModel } from './masked-language.ts';
export { type MaskedLanguageBatch, maskedLanguageLoss } from './masked-language-loss.ts';
export {
  type MixerLanguageConfig,
  type MixerLanguageOptions,
  type MixerLanguageParameters,
  type MixerMaskedLanguageModel,
  mixerLanguage,
  mixerLanguageSchema,
  mixerMaskedLanguage,
} from './mixer-language.ts';
export {
  type MixerVisionClassifierParameters,
  type MixerVisionConfig,
  type MixerVisionOptions,
  type MixerVisionParameters,
  mixerImageClassifier,
  mixerVision,
} from './mixer-vision.ts';
export { type CheckedConfig, type ConfigProblem, checkConfig } from './parse-config.ts';
export { type PatchStackParameters, type PatchStackParts, patchStack } from './patch-stack.ts';
export { loadModelFiles, type PretrainedModel } from './pretrained-format.ts';
export {
  type ResmlpClassifierParameters,
  type ResmlpConfig,
  type ResmlpOptions,
  type ResmlpParameters,
  resmlp,
  resmlpImageClassifier,
} from './resmlp.ts';
export {
  type SequenceClassificationConfig,
  type SequenceClassificationModel,
  type SequenceClassificationOptions,
  type SequenceClassificationParameters,
  sequenceClassification,
} from './sequence-classification.ts';
export type { TextBodyConfig, TextBodyOptions, TextBodyParameters } from './text-body.ts';
export { type TextFeaturesConfig, type TextFeaturesModel, type TextFeaturesOptions, textFeatures } from './text-features.ts';
export {
  type CausalLanguageModel,
  type GenerateOptions,
  type ModelDevice,
  type TextGenerator,
  textGenerator,
} from './text-generator.ts';
export type { TextInput } from './text-input.ts';
export { checkSegments, checkTokenIds } from './token-ids.ts';
export type { TokenStackParameters } from './token-stack.ts';
export {
  type DecoderInput,
  type TransformerConfig,
  type TransformerInput,
  type TransformerModel,
  type TransformerOptions,
  type TransformerParameters,
  transformer,
} from './transformer.ts';
export type { PaperFigures, VariantRow } from './variant.ts';
export { type FamilyOfVariant, findVariant, type Variant, type VariantName, variants, variantsOf } from './variants.ts';
export {
  type VitClassifierParameters,
  type VitConfig,
  type VitOptions,
  type VitParameters,
  vit,
  vitImageClassifier,
} from './vit.ts';
export type { Change } from './weight-names/change.ts';
export {
  type HuggingFaceBertConfig,
  type HuggingFaceBertModel,
  huggingFaceBertNames,
  readHuggingFaceBert,
  writeHuggingFaceBert,
} from './weight-names/hugging-face-bert.ts';
export {
  type HuggingFaceBertOptions,
  huggingFaceBertArchitecture,
  huggingFaceBertOptions,
  type ToldByWeights,
} from './weight-names/hugging-face-bert-config.ts';
export { lucidrainsNames, readLucidrains, writeLucidrains } from './weight-names/lucidrains.ts';
export { type NameMap, type NameRule, readWeights, toOurs, toTheirs, writeWeights } from './weight-names/name-map.ts';
export {
  readTimm,
  type TimmConfig,
  type TimmModel,
  timmNames,
  writeTimm,
} from './weight-names/timm.ts';
export { timmOptions } from './weight-names/timm-config.ts';
export type { WithHead } from './with-head.ts';
export { withTrainedBody } from './with-trained-body.ts';
