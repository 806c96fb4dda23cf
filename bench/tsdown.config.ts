import { library } from '../tooling/build-config.ts';

export default library(
  {
    main: 'src/main.ts',
    gmlp: 'src/gmlp.ts',
    'file-side': 'src/file-side.ts',
    'text-side': 'src/text-side.ts',
    'tokenizer-training-side': 'src/tokenizer-training-side.ts',
    'image-memory-side': 'src/image-memory-side.ts',
    'tfjs-wasm': 'baselines/tfjs-wasm.ts',
    'bench-page': 'src/bench-page.ts',
  },
  { dts: false, platform: 'node', unbundle: false, deps: { alwaysBundle: [/^@tensorflow\/tfjs-core\/dist\//] } },
);
