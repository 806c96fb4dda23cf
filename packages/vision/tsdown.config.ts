import { library } from '../../tooling/build-config.ts';

export default library({
  index: 'src/index.ts',
  'node/index': 'src/node/index.ts',
  'node/image-worker': 'src/node/image-worker.ts',
  'node/parquet-worker': 'src/node/parquet-worker.ts',
});
