/** How the site is bundled: our packages from their sources, workers as modules. */
import type { UserConfig } from 'vitepress';
import { addressesPlugin } from '../playground/addresses-plugin.ts';

type Vite = NonNullable<UserConfig['vite']>;

/** The pages that run models run in browsers alone: to render the site they are nothing. */
const notRendered: NonNullable<Vite['plugins']>[number] = {
  name: 'gmlp-not-rendered',
  enforce: 'pre',
  load: (id, options) => (options?.ssr && /\/playground\/(page|classify)\//.test(id) ? 'export {};' : undefined),
};

export const vite: Vite = {
  resolve: { conditions: ['gmlp-source'] },
  plugins: [addressesPlugin(), notRendered],
  worker: { format: 'es' },
  build: { chunkSizeWarningLimit: 2000 },
};
