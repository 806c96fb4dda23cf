import { library } from '../../tooling/build-config.ts';

export default library({
  index: 'src/index.ts',
  'node/index': 'src/node/index.ts',
  'node/corpus/count-worker': 'src/node/corpus/count-worker.ts',
  'node/corpus/pack-worker': 'src/node/corpus/pack-worker.ts',
});
