import type { FamilyName } from '@gmlp/models';

/** The families that classify images. */
export const imageFamilies = ['gmlp-vision', 'vit', 'mixer-vision', 'resmlp'] as const satisfies readonly FamilyName[];
