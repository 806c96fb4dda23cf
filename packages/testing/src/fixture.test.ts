import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fixture, requireFixtures } from './fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gmlp-fixtures-'));
  vi.stubEnv('GMLP_FIXTURES', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const tensors = encodeSafetensors(new Map([['param.w', hostArray('float32', [1], Float32Array.of(2))]]));

it('reads a set from the folder that GMLP_FIXTURES names', () => {
  writeFileSync(join(folder, 'index.json'), '{"a": {"source": "by hand", "config": {"dim": 1}}}');
  writeFileSync(join(folder, 'a.safetensors'), tensors);
  const set = fixture('a');
  expect(set.config['dim']).toBe(1);
  expect(set.get('param.w').data[0]).toBe(2);
  expect([...set.all('param.').keys()]).toEqual(['w']);
});

it('throws for a missing folder, a missing file, a set that is not listed and a key that is not there', () => {
  expect(() => fixture('a')).toThrow(/index.json, which cannot be read/);
  writeFileSync(join(folder, 'index.json'), '{"a": {"source": "by hand", "config": {}}}');
  expect(() => requireFixtures(['a'])).toThrow(/a.safetensors, which cannot be read/);
  writeFileSync(join(folder, 'a.safetensors'), tensors);
  expect(() => fixture('b')).toThrow(/does not list "b"/);
  expect(() => fixture('a').get('out.loss')).toThrow(/lacks "out.loss"; the set is short/);
  expect(() => fixture('a').all('grad.')).toThrow(/has no "grad.\*"/);
});

it('throws for a set that was cut short', () => {
  writeFileSync(join(folder, 'index.json'), '{"a": {"source": "by hand", "config": {}}}');
  writeFileSync(join(folder, 'a.safetensors'), tensors.subarray(0, tensors.length - 1));
  expect(() => fixture('a')).toThrow(/cut short/);
});

it('sets that scripts of this repository made need not be in the folder, but must be whole if they are', () => {
  writeFileSync(join(folder, 'index.json'), '{}');
  expect(fixture('torch-cross-entropy').get('out.count').data[0]).toBeGreaterThan(0);
  expect(() => fixture('ops')).toThrow(/does not list "ops"/);
  writeFileSync(join(folder, 'index.json'), '{"torch-cross-entropy": {"source": "by hand", "config": {}}}');
  expect(() => fixture('torch-cross-entropy')).toThrow(/torch-cross-entropy.safetensors, which cannot be read/);
});

it('the committed sets are all there', () => {
  vi.unstubAllEnvs();
  vi.stubEnv('GMLP_FIXTURES', '');
  requireFixtures(['ops', 'optim', 'lucidrains-gmlp', 'torch-gmlp-toeplitz', 'torch-gmlp-gates', 'torch-cross-entropy']);
});
