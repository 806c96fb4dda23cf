/** What becomes of records of a text that cannot be read: an error for the first, or they are left out, counted and listed. */
export type OnBad = 'stop' | 'skip';

export const onBadChoices: readonly [OnBad, OnBad] = ['stop', 'skip'];
