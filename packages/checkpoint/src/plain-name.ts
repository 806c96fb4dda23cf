/** Whether a name is that of a file in the folder itself, on every system: no separators, no drive, no way up. */
export const isPlainName = (name: string): boolean => /^[\w-][\w.-]*$/.test(name);
