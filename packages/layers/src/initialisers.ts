/** How a parameter starts, as data. Draws depend on the key alone, never on the device. */
import { GmlpError, type Key, randomNormal, randomUniform, sizeOf, split } from '@gmlp/base';

export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** A normal of this deviation whose draws beyond two deviations are drawn again, as BERT's. */
  | { readonly kind: 'truncated-normal'; readonly deviation: number }
  /** Uniform in +-sqrt(6 / (inputs + outputs)) for a matrix [inputs, outputs] (Glorot and Bengio, 2010). */
  | { readonly kind: 'glorot-uniform' };

export const zeros: Initialiser = { kind: 'constant', value: 0 };
export const ones: Initialiser = { kind: 'constant', value: 1 };

export function draw(initialiser: Initialiser, shape: readonly number[], key: Key): Float32Array {
  const count = sizeOf(shape);
  switch (initialiser.kind) {
    case 'constant':
      return new Float32Array(count).fill(initialiser.value);
    case 'normal':
      return randomNormal(key, count).map((value) => value * initialiser.deviation);
    case 'truncated-normal':
      return truncatedNormal(key, count).map((value) => value * initialiser.deviation);
    case 'glorot-uniform': {
      const [inputs, outputs] = shape;
      if (inputs === undefined || outputs === undefined || shape.length !== 2) {
        throw new GmlpError('invalid-argument', `draw: glorot-uniform needs a matrix, got shape [${shape.join(', ')}]`, {
          shape,
        });
      }
      const limit = Math.sqrt(6 / (inputs + outputs));
      return Float32Array.from(randomUniform(key, count), (value) => (2 * value - 1) * limit);
    }
  }
}

function truncatedNormal(key: Key, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let filled = 0, round = 0; filled < count; round++) {
    for (const value of randomNormal(split(key, round), count - filled)) {
      if (Math.abs(value) <= 2) values[filled++] = value;
    }
  }
  return values;
}
