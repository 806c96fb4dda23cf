import * as z from 'zod/mini';

/** Of data with `heldOut`: a number of what there is (`what`), or a part of it. */
export const heldOutPart = (what: string) =>
  z.refine<{ readonly heldOut: number }>(({ heldOut }) => heldOut < 1 || Number.isInteger(heldOut), {
    path: ['heldOut'],
    error: ({ input }) =>
      `expected a number of ${what}, or a part of them between 0 and 1, got ${(input as { readonly heldOut: number }).heldOut}`,
  });
