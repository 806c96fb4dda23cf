import { familyOf, type ModelConfig } from '@gmlp/models';

/** Pixels of a side of what a model sees. */
export const imageSizeOf = (config: ModelConfig): number => familyOf(config).inputs(config)['image']!.shape[1] as number;
