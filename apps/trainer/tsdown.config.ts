import { library } from '../../tooling/build-config.ts';

export default library(
  { main: 'src/main.ts', 'train/device-worker': 'src/train/device-worker.ts' },
  { dts: false, platform: 'node' },
);
