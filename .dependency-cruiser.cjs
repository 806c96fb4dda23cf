/**
 * Which package may import which. Dependencies point one way: base <- ops <- layers <- models; ops <- compiler <- devices;
 * checkpoint, text and vision stand on base alone; models knows checkpoint, as a directory or a name on the Hub gives a whole model with
 * its weights (`loadPretrained`), and vision, as a model of images comes with what its pictures go through; training knows layers and devices, not models; apps and bench know all.
 */
const mayImport = {
  base: [],
  ops: ['base'],
  layers: ['base', 'ops'],
  models: ['base', 'ops', 'layers', 'checkpoint', 'vision'],
  checkpoint: ['base'],
  text: ['base'],
  vision: ['base'],
  compiler: ['base', 'ops'],
  devices: ['base', 'ops', 'compiler'],
  training: ['base', 'ops', 'layers', 'devices'],
};
const privatePackages = '^packages/(testing|conformance)/';
// What is never published: tests, files that only tests use, and the private packages.
const tests = [
  '\\.test\\.ts$',
  '^packages/ops/src/(each-backend|webgpu/start-webgpu)\\.ts$',
  '^packages/compiler/src/run-graph\\.ts$',
  '^packages/vision/src/node/(make-tar|kit-file|read-all|temporary-folder)\\.ts$',
  '^packages/(testing|conformance)/',
].join('|');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([name, allowed]) => ({
      name: `direction-${name}`,
      comment: `@gmlp/${name} may import ${allowed.map((other) => `@gmlp/${other}`).join(', ') || 'no other package of ours'}.`,
      severity: 'error',
      from: { path: `^packages/${name}/src/`, pathNot: tests },
      to: { path: '^(packages|apps|bench|docs)/', pathNot: [`^packages/(${[name, ...allowed].join('|')})/`, privatePackages] },
    })),
    {
      name: 'a-package-has-its-rule',
      comment: 'A new package is added to `mayImport` in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${[...Object.keys(mayImport), 'testing', 'conformance'].join('|')})/` },
      to: {},
    },
    {
      name: 'private-only-from-tests',
      comment: 'The packages testing and conformance are not published, nor what tests share. Neither is bench.',
      severity: 'error',
      from: { pathNot: `^bench/|${tests}` },
      to: { path: tests },
    },
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|bench|docs)/' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-deep-import',
      comment: 'Import another package by its name: only its entries are public.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|bench)/' },
      to: {
        path: '^(packages|apps)/[^/]+/src/',
        pathNot: ['^$1/', '^packages/[^/]+/src/((node|webgpu)/)?index\\.ts$', '^packages/testing/src/closeness\\.ts$'],
      },
    },
    {
      name: 'no-relative-import-of-a-package',
      comment: 'Import another package by its name, not by its path.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|bench)/' },
      to: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-node-module-outside-of-src-node',
      comment: 'A main entry runs in browsers: what needs Node lives under src/node and is exported as `/node`.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: [tests, '^packages/[^/]+/src/node/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-src-node-from-outside',
      comment: 'The same, one step on: a portable file may not import a file that needs Node.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: [tests, '^packages/[^/]+/src/node/'] },
      to: { path: '^packages/[^/]+/src/node/' },
    },
    {
      name: 'no-tensorflow-below',
      comment: 'base, checkpoint, text and vision deal in typed arrays with shapes, never in tensors.',
      severity: 'error',
      from: { path: '^packages/(base|checkpoint|text|vision)/src/' },
      to: { path: 'node_modules/(@tensorflow|onnxruntime)' },
    },
    {
      name: 'runtime-only-in-devices',
      severity: 'error',
      from: { path: '^packages/(?!devices/)[^/]+/src/', pathNot: tests },
      to: { path: 'node_modules/(onnxruntime|@tensorflow/tfjs-(backend|node))' },
    },
    {
      name: 'no-development-dependency',
      comment: 'What is published may not need what is only installed for development.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm', 'type-only'], pathNot: '^packages/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages/[^/]+|apps/[^/]+|bench|docs)/dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['gmlp-source', 'import', 'module', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
