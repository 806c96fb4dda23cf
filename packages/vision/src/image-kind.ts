/** What kind of image some bytes are, by how they begin: names lie, as of the one PNG among ImageNet's `.JPEG` files. */
import type { ImageFileKind } from './image-source.ts';

const starts: readonly (readonly [kind: ImageFileKind, ...bytes: number[]])[] = [
  ['jpeg', 0xff, 0xd8, 0xff],
  ['png', 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ['gif', 0x47, 0x49, 0x46, 0x38],
  ['tiff', 0x49, 0x49, 0x2a, 0x00],
  ['tiff', 0x4d, 0x4d, 0x00, 0x2a],
  ['bmp', 0x42, 0x4d],
];

/** `undefined` for what is no image of a kind that is known here. */
export function imageKind(bytes: Uint8Array): ImageFileKind | undefined {
  for (const [kind, ...start] of starts) if (start.every((byte, at) => bytes[at] === byte)) return kind;
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  return word(0) === 'RIFF' && word(8) === 'WEBP' ? 'webp' : undefined;
}

/** What bytes that are no image seem to be, in words. */
export function notAnImage(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it has no bytes';
  const start = bytes.subarray(0, 16);
  const printable = start.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09);
  if (printable) return `it is text that begins with ${JSON.stringify(String.fromCharCode(...start))}`;
  const hex = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `its ${bytes.length} bytes begin with ${hex}`;
}

const endings = /\.(jpe?g|png|webp|gif|tiff?|bmp)$/i;

/** Whether a name is that of an image, by its end. */
export const hasImageName = (name: string): boolean => endings.test(name);
