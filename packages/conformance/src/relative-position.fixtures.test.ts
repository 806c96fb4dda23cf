/** The buckets of relative positions against T5's. */
import { relativePositionBucket } from '@gmlp/layers';
import { fixture } from '@gmlp/testing';
import { expect, it } from 'vitest';

it('puts every distance into T5’s bucket', () => {
  const golden = fixture('t5-buckets');
  const { buckets, maximumDistance } = golden.config as { buckets: number; maximumDistance: number };
  const distances = Array.from(golden.get('in.distance').data);
  const ours = distances.map((distance) => relativePositionBucket(distance, buckets, maximumDistance));
  expect(ours).toEqual(Array.from(golden.get('out.bucket').data));
});
