/** The folder of the workspace. */
export const root: string;
/** Builds what is older than its sources; false where that failed. */
export function build(): Promise<boolean>;
