/**
 * AutoAugment (https://arxiv.org/abs/1805.09501) and RandAugment (https://arxiv.org/abs/1909.13719) as timm has them, in its notation:
 * `original`, `originalr`, `v0`, `v0r` with `-mstd0.5`, or `rand-m9-n2-mstd0.5-inc1`.
 */
import { GmlpError, type Key, randomNormal, randomUniform, split } from '@gmlp/base';
import type { Pixels } from '../pixels/pixels.ts';
import {
  type AutoAugmentName,
  type AutoAugmentPolicy,
  autoAugmentPolicies,
  type PlannedOperation,
} from './auto-augment-policies.ts';
import { type Drawn, type OperationName, operations } from './operations.ts';

export interface AugmentPolicy {
  /** The chains of operations; a picture goes through one of them, or through `layers` operations drawn anew. */
  readonly chains: AutoAugmentPolicy;
  /** How many chains are drawn, one after the other, with repetition. */
  readonly layers: number;
  /** Standard deviation of a level; infinite: a level evenly from 0 on. */
  readonly levelDeviation: number;
  /** The highest level. */
  readonly highestLevel: number;
}

const randAugmentNames: readonly OperationName[] = [
  'AutoContrast',
  'Equalize',
  'Invert',
  'Rotate',
  'Posterize',
  'Solarize',
  'SolarizeAdd',
  'Color',
  'Contrast',
  'Brightness',
  'Sharpness',
  'ShearX',
  'ShearY',
  'TranslateXRel',
  'TranslateYRel',
];

const increasing = (name: OperationName): OperationName => {
  const other = `${name}Increasing`;
  return other in operations ? (other as OperationName) : name;
};

/** Reads timm's notation. */
export function augmentPolicy(notation: string): AugmentPolicy {
  const [kind = '', ...sections] = notation.split('-');
  const given = new Map<string, number>();
  const known = kind === 'rand' ? ['m', 'n', 'p', 'mstd', 'mmax', 'inc'] : ['mstd'];
  for (const section of sections) {
    const [, name, value] = /^([a-z]+)(\d+(?:\.\d+)?|inf)$/.exec(section) ?? [];
    if (name === undefined || !known.includes(name) || given.has(name)) throw unknownNotation(notation, section);
    given.set(name, value === 'inf' ? Number.POSITIVE_INFINITY : Number(value));
  }
  const deviation = given.get('mstd') ?? 0;
  if (kind !== 'rand') {
    if (!Object.hasOwn(autoAugmentPolicies, kind)) throw unknownNotation(notation, kind);
    const chains = autoAugmentPolicies[kind as AutoAugmentName];
    return { chains, layers: 1, levelDeviation: deviation, highestLevel: 10 };
  }
  const level = given.get('m') ?? 10;
  const names = given.get('inc') ? randAugmentNames.map(increasing) : randAugmentNames;
  return {
    chains: names.map((name): readonly PlannedOperation[] => [[name, given.get('p') ?? 0.5, level]]),
    layers: given.get('n') ?? 2,
    // From 100 on timm takes a level evenly from all.
    levelDeviation: deviation > 100 ? Number.POSITIVE_INFINITY : deviation,
    highestLevel: given.get('mmax') ?? 10,
  };
}

function unknownNotation(notation: string, part: string): GmlpError {
  const expected = `${Object.keys(autoAugmentPolicies).join(', ')} with -mstd, or rand with -m, -n, -p, -mstd, -mmax, -inc, as in rand-m9-mstd0.5-inc1`;
  return new GmlpError('invalid-config', `augmentPolicy: expected ${expected}; got "${notation}", where "${part}" is unknown`, {
    notation,
  });
}

/** The picture after the operations that the key draws. */
export function augmented(picture: Pixels, policy: AugmentPolicy, fill: Drawn['fill'], key: Key): Pixels {
  let result = picture;
  for (let layer = 0; layer < policy.layers; layer++) {
    const own = split(key, layer);
    const [choice] = randomUniform(own, 1);
    const chain = policy.chains[Math.floor(choice! * policy.chains.length)]!;
    for (const [i, [name, probability, level]] of chain.entries()) {
      const [happens, sign, interpolation, evenly] = randomUniform(split(own, i), 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      if (happens >= probability) continue;
      const [normal] = randomNormal(split(split(own, i), 'level'), 1);
      const { levelDeviation: deviation } = policy;
      const drawn = deviation === Number.POSITIVE_INFINITY ? evenly * level : level + deviation * normal!;
      result = operations[name](result, Math.max(0, Math.min(drawn, policy.highestLevel)), {
        sign: sign < 0.5 ? 1 : -1,
        interpolation: interpolation < 0.5 ? 'bilinear' : 'bicubic',
        fill,
      });
    }
  }
  return result;
}
