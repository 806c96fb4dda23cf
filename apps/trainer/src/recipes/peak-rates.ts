import type { FamilyName } from '@gmlp/models';

/** The learning rate after the warm-up of a small model with 128 channels, as the quickstart and the page that trains have them. */
export function peakRateAt128(family: FamilyName): number {
  return rates[family] ?? 1e-3;
}

const rates: Partial<Record<FamilyName, number>> = {
  'gmlp-language': 4e-3,
  bert: 1e-3,
  'mixer-language': 2e-3,
  transformer: 2e-3,
};
