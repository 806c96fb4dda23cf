/** Text and module. */
export const programs: readonly (readonly [wat: string, path: string])[];
/** The text of the module that has the program of a `.wat`. */
export function moduleOf(wat: string): Promise<string>;
