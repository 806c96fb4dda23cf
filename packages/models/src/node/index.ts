export type { PretrainedModel } from '../pretrained-format.ts';
export { type LoadPretrainedOptions, loadPretrained } from './load-pretrained.ts';
