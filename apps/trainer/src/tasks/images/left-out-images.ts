/** What becomes of images that cannot be used: an error for the first that says what helps here, or a count and a list. */
import { GmlpError } from '@gmlp/base';
import type { BadSample } from '@gmlp/vision';
import { type LeftOut, leftOut } from '../text/left-out.ts';
import type { OnBad } from '../text/on-bad.ts';

/** An image that is met in each epoch counts once. */
export function leftOutImages(onBad: OnBad = 'stop'): LeftOut & { readonly report: (bad: BadSample) => void } {
  const all = leftOut(onBad, badImageError);
  const met = new Set<string>();
  return {
    ...all,
    report(bad) {
      const place = `${bad.file}\n${bad.offset}\n${bad.key}`;
      if (met.has(place)) return;
      all.report(bad);
      met.add(place);
    },
  };
}

function badImageError({ file, offset, key, reason, detail }: BadSample): GmlpError {
  const named = key === '' ? '' : `, ${key}`;
  return new GmlpError(
    'invalid-data',
    `${file}, byte ${offset}${named}: ${reason} (${detail}); repair it, or leave such images out with --on-bad skip`,
    { file, offset, key, reason, detail },
  );
}
