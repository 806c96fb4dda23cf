import { library } from '../../tooling/build-config.ts';

export default library({ index: 'src/index.ts', closeness: 'src/closeness.ts' });
