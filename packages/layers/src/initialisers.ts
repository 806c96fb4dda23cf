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
      return scale(randomNormal(key, count), initialiser.deviation);
    case 'truncated-normal':
      return scale(truncatedNormal(key, count), initialiser.deviation);
    case 'glorot-uniform': {
      const [inputs, outputs] = shape;
      if (inputs === undefined || outputs === undefined || shape.length !== 2) {
        throw new GmlpError('invalid-argument', `draw: glorot-uniform needs a matrix, got shape [${shape.join(', ')}]`, {
          shape,
        });
      }
      const limit = Math.sqrt(6 / (inputs + outputs));
      const uniform = randomUniform(key, count);
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = (2 * uniform[i]! - 1) * limit;
      return values;
    }
  }
}

// Plain loops: models have hundreds of millions of parameters, and callbacks over typed arrays are many times slower.

function scale(values: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
  return values;
}

function truncatedNormal(key: Key, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let filled = 0, round = 0; filled < count; round++) {
    const drawn = randomNormal(split(key, round), count - filled);
    for (let i = 0; i < drawn.length; i++) {
      if (Math.abs(drawn[i]!) <= 2) values[filled++] = drawn[i]!;
    }
  }
  return values;
}
