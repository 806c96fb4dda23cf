import { library } from '../../tooling/build-config.ts';

export default library({ main: 'src/main.ts' }, { dts: false, platform: 'node' });
