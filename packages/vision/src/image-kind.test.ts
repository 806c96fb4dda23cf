import { expect, test } from 'vitest';
import { hasImageName, imageKind, notAnImage } from './image-kind.ts';

test.each<[string, number[] | string, string | undefined]>([
  ['jpeg', [0xff, 0xd8, 0xff, 0xe1, 0], 'jpeg'],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0], 'png'],
  ['webp', 'RIFF\x10\x00\x00\x00WEBPVP8 ', 'webp'],
  ['another RIFF', 'RIFF\x10\x00\x00\x00WAVEfmt ', undefined],
  ['gif', 'GIF89a', 'gif'],
  ['tiff', 'II*\x00', 'tiff'],
  ['text', 'Not found', undefined],
  ['nothing', [], undefined],
  ['two bytes of a jpeg', [0xff, 0xd8], undefined],
])('%s', (_, bytes, kind) => {
  expect(imageKind(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Uint8Array.from(bytes))).toBe(kind);
});

test('what is none is named', () => {
  expect(notAnImage(Buffer.from('<html>\n<body>nothing here'))).toBe('it is text that begins with "<html>\\n<body>not"');
  expect(notAnImage(Uint8Array.of(1, 2, 255))).toBe('its 3 bytes begin with 01 02 ff');
  expect(notAnImage(new Uint8Array())).toBe('it has no bytes');
});

test('names of images, whatever their capitals', () => {
  expect(['a.JPEG', 'b.jpg', 'c.Png', 'd.txt', 'jpg'].filter(hasImageName)).toEqual(['a.JPEG', 'b.jpg', 'c.Png']);
});
