/** How WebDataset reads the names in a tar: files that are equal up to the first dot of the file's name are parts of one sample. */

export interface WebDatasetName {
  /** With the folder. */
  readonly key: string;
  /** Which part: what stands behind the first dot, in small letters. */
  readonly part: string;
}

/** `undefined` for a file that belongs to no sample. */
export function webDatasetName(path: string): WebDatasetName | undefined {
  const [, key, part] = /^((?:.*\/|)[^./]+)[.]([^/]*)$/s.exec(path) ?? [];
  return key === undefined ? undefined : { key, part: part!.toLowerCase() };
}

/** Parts that are images. */
export const isImagePart = (part: string): boolean => /^(jpg|jpeg|png|webp)$/.test(part);
