/** How the site is bundled: our packages from their sources, workers as modules. */
import type { HeadConfig, UserConfig } from 'vitepress';
import { isolation } from '../../packages/testing/src/local-server.ts'; // its source, as nothing need be built to see the site
import { addressesPlugin } from '../playground/addresses-plugin.ts';

type Vite = NonNullable<UserConfig['vite']>;
type Plugin = NonNullable<Vite['plugins']>[number];

/** An empty one: browsers ask every page for an icon. */
export const icon: HeadConfig = ['link', { rel: 'icon', href: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>' }];

/** The pages that run models run in browsers alone: to render the site they are nothing. */
const notRendered: Plugin = {
  name: 'gmlp-not-rendered',
  enforce: 'pre',
  load: (id, options) => (options?.ssr && /\/playground\/(page|classify)\//.test(id) ? 'export {};' : undefined),
};

/** While one develops, pages are isolated, so that WebAssembly has threads. Vite's `server.headers` miss VitePress's pages. */
const isolated: Plugin = {
  name: 'gmlp-isolated',
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
      // Browsers ask for it before the page's script has put its icon into the head.
      if (request.url === '/favicon.ico') response.writeHead(204).end();
      else next();
    });
  },
};

export const vite: Vite = {
  resolve: { conditions: ['gmlp-source'] },
  plugins: [addressesPlugin(), notRendered, isolated],
  worker: { format: 'es' },
  optimizeDeps: {
    // What the pages load, found at the start: a package found later would reload a page that is in use.
    entries: ['page/train-page', 'worker/training-worker', 'classify/classify-page', 'classify/classify-worker'].map(
      (name) => `playground/${name}.ts`,
    ),
    // It finds its .wasm beside its script, which therefore stays where it is.
    exclude: ['onnxruntime-web'],
  },
  build: { chunkSizeWarningLimit: 2000 },
};
