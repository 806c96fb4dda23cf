/** Whether every system can have a folder of a name: Windows keeps some names for devices, and drops a dot or space at the end. */
export const isFolderName = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[<>:"/\\|?*\u0000-\u001f]|[. ]$|^$/.test(name) && !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(name);
