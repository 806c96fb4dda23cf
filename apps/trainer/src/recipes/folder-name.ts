import { basename, extname } from 'node:path';

/** Whether every system can have a folder of a name: Windows keeps some names for devices, and drops a dot or space at the end. */
export const isFolderName = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[<>:"/\\|?*\u0000-\u001f]|[. ]$|^$/.test(name) && !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(name);

/** The name of a file or folder, as a recipe and the folder of its runs may be called. */
export function folderNameFor(path: string): string {
  const stem = basename(path).slice(0, -extname(path).length || undefined);
  const letters = stem.replaceAll(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const name = letters.slice(0, 60).replace(/\.+$/, '');
  if (name === '') return 'mine';
  return isFolderName(name) ? name : `my-${name}`;
}
