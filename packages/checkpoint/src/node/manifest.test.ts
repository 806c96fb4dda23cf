import { GmlpError } from '@gmlp/base';
import { expect, it } from 'vitest';
import { formatManifest, type Manifest, parseManifest } from './manifest.ts';

const record = { bytes: 10, sha256: '0123456789abcdef'.repeat(4) };
const names = ['config.json', 'model.safetensors', 'optimiser.safetensors', 'state.json'];
const manifest: Manifest = { step: 12, package: '1.2.3', threads: 2, files: new Map(names.map((name) => [name, record])) };
const bytes = new TextEncoder().encode(formatManifest('here', manifest));
const parse = (changed: Uint8Array): Manifest => parseManifest('here', 'manifest.json', changed);

it('gives back what was written', () => {
  expect(parse(bytes)).toEqual(manifest);
});

it('every flipped bit is noticed, or changes nothing but space', () => {
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      let read: Manifest;
      try {
        read = parse(bytes.with(at, bytes[at]! ^ bit));
      } catch (error) {
        expect(GmlpError.isInstance(error)).toBe(true);
        continue;
      }
      expect(read).toEqual(manifest);
      expect(String.fromCharCode(bytes[at]!)).toMatch(/\s/);
    }
  }
});
