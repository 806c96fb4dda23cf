import { library } from '../../tooling/build-config.ts';

export default library(
  { main: 'src/main.ts', 'thread/device-worker': 'src/thread/device-worker.ts' },
  { dts: false, platform: 'node' },
);
