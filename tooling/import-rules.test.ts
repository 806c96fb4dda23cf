/** The import rules catch what they are there for: a small workspace in which each of them is broken once. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = [
  'base',
  'ops',
  'layers',
  'models',
  'checkpoint',
  'text',
  'vision',
  'compiler',
  'devices',
  'training',
  'testing',
  'newcomer',
];

const files: Record<string, string> = {
  // Allowed: none of these may be reported.
  'packages/ops/src/gelu.ts': "import '@gmlp/base';",
  'packages/ops/src/gelu.test.ts': "import '@gmlp/testing'; import 'node:fs'; import '@gmlp/devices';",
  'packages/models/src/gmlp.ts': "import '@gmlp/layers'; import '@gmlp/ops'; import '@gmlp/base';",
  'packages/devices/src/node/files.ts': "import 'node:fs'; import 'onnxruntime-node';",
  // Planted.
  'packages/base/src/climbs.ts': "import '@gmlp/ops';",
  'packages/base/src/climbs-for-a-type.ts': "import type { Gelu } from '@gmlp/ops'; export type Same = Gelu;",
  'packages/training/src/knows-models.ts': "import '@gmlp/models';",
  'packages/text/src/knows-tensors.ts': "import '@tensorflow/tfjs-core';",
  'packages/compiler/src/has-a-runtime.ts': "export const load = () => import('onnxruntime-node');",
  'packages/layers/src/uses-testing.ts': "import '@gmlp/testing';",
  'packages/layers/src/goes-deep.ts': "import '../../ops/src/gelu.ts';",
  'packages/layers/src/by-path.ts': "import '../../ops/src/index.ts';",
  'packages/checkpoint/src/needs-node.ts': "import 'node:fs';",
  'packages/checkpoint/src/needs-node-later.ts': "export const read = () => import('node:fs');",
  'packages/devices/src/reaches-node.ts': "import './node/files.ts';",
  'packages/ops/src/one.ts': "import './two.ts';",
  'packages/ops/src/two.ts': "import './one.ts';",
  'packages/ops/src/lost.ts': "import './nowhere.ts';",
  'packages/models/src/knows-the-app.ts': "import '../../../apps/trainer/src/main.ts';",
  'packages/newcomer/src/ruleless.ts': "import '@gmlp/base';",
};

let folder: string;
let found: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gmlp-import-rules-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const manifest = (name: string) =>
    JSON.stringify({ name, type: 'module', exports: { '.': { 'gmlp-source': './src/index.ts' } } });
  for (const name of packages) {
    write(`packages/${name}/package.json`, manifest(`@gmlp/${name}`));
    write(`packages/${name}/src/index.ts`, 'export type Gelu = 1;');
    mkdirSync(join(folder, 'node_modules/@gmlp'), { recursive: true });
    symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules/@gmlp', name), 'junction');
  }
  for (const name of ['onnxruntime-node', '@tensorflow/tfjs-core']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  write('apps/trainer/src/main.ts', '');
  write(
    'package.json',
    JSON.stringify({ private: true, dependencies: { 'onnxruntime-node': '*', '@tensorflow/tfjs-core': '*' } }),
  );
  for (const [path, text] of Object.entries(files)) write(path, text);

  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages', 'apps'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  found = summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['an import that climbs', 'direction-base', 'base/src/climbs.ts'],
  ['a type that climbs', 'direction-base', 'base/src/climbs-for-a-type.ts'],
  ['training that knows models', 'direction-training', 'training/src/knows-models.ts'],
  ['text that knows tensors', 'no-tensorflow-below', 'text/src/knows-tensors.ts'],
  ['a runtime in the compiler', 'runtime-only-in-devices', 'compiler/src/has-a-runtime.ts'],
  ['a private package outside of tests', 'private-only-from-tests', 'layers/src/uses-testing.ts'],
  ['a deep import', 'no-deep-import', 'layers/src/goes-deep.ts'],
  ['a package imported by its path', 'no-relative-import-of-a-package', 'layers/src/by-path.ts'],
  ['a node module in a portable file', 'no-node-module-outside-of-src-node', 'checkpoint/src/needs-node.ts'],
  ['a node module imported later', 'no-node-module-outside-of-src-node', 'checkpoint/src/needs-node-later.ts'],
  ['a portable file that reaches src/node', 'no-src-node-from-outside', 'devices/src/reaches-node.ts'],
  ['a cycle', 'no-cycle', 'ops/src/one.ts'],
  ['an import of nothing', 'resolvable', 'ops/src/lost.ts'],
  ['a package that imports an app', 'no-package-imports-an-app', 'models/src/knows-the-app.ts'],
  ['a package without a rule', 'a-package-has-its-rule', 'newcomer/src/ruleless.ts'],
])('reports %s', (_, rule, file) => {
  expect(found).toContain(`${rule}: packages/${file}`);
});

it('reports nothing else', () => {
  const planted = Object.keys(files).slice(4);
  expect(found.filter((violation) => !planted.some((file) => violation.endsWith(file)))).toEqual([]);
});
