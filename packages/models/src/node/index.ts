export { type LoadPretrainedOptions, loadPretrained } from './load-pretrained.ts';
export type { PretrainedModel } from './pretrained-format.ts';
