import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishablePackages } from '../../tooling/publishable-packages.mjs';

const docs = fileURLToPath(new URL('..', import.meta.url));

/**
 * The public entries of all libraries, from their manifests: the name that users import, the source file behind it, and the
 * page of the reference that documents it, which is the first of several where there is much.
 */
export function entries() {
  return publishablePackages()
    .filter(({ manifest }) => manifest.exports)
    .flatMap(({ folder, manifest }) =>
      Object.entries(manifest.exports)
        .filter(([, target]) => typeof target === 'object' && 'gmlp-source' in target)
        .map(([subpath, target]) => {
          const name = manifest.name + subpath.slice(1);
          return {
            name,
            file: join(folder, target['gmlp-source']),
            page: existsSync(join(docs, `api/${name}/index.md`)) ? `api/${name}/index` : `api/${name}`,
            description: manifest.description,
          };
        }),
    );
}
