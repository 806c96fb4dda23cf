import { library } from '../../tooling/build-config.ts';

const gradients = 'src/register-gradients.ts';

export default [
  library(
    { index: 'src/index.ts', 'webgpu/index': 'src/webgpu/index.ts', 'register-gradients': gradients },
    { deps: { neverBundle: [/^node:/, /^#register-gradients$/, /^@tensorflow\//] } },
  ),
  // For Node, which cannot load TF.js's gradients by itself: the same file with them in it (package.json, "imports").
  library(
    { 'register-gradients.node': gradients },
    {
      clean: false,
      unbundle: false,
      sourcemap: false,
      dts: false,
      deps: { alwaysBundle: [/^(?!@tensorflow\/tfjs-core$)/], neverBundle: [/^@tensorflow\/tfjs-core$/] },
    },
  ),
];
