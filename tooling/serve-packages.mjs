import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/**
 * A registry on this machine, for reading only, with the given tarballs in it. `packages`: manifest (as packed) and tarball.
 * Returns its address, made anew each time: npm caches by address.
 */
export async function servePackages(packages) {
  const prefix = `/${randomUUID()}`;
  const documents = new Map();
  const tarballs = new Map(packages.map(({ tarball }) => [basename(tarball), readFileSync(tarball)]));
  const server = createServer(({ url }, response) => {
    const path = decodeURIComponent(url.slice(prefix.length + 1));
    const content = documents.get(path) ?? tarballs.get(path);
    response.writeHead(content ? 200 : 404).end(content ?? `${path} is not served here`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = `http://127.0.0.1:${server.address().port}${prefix}/`;
  for (const { manifest, tarball } of packages) {
    const integrity = `sha512-${createHash('sha512')
      .update(tarballs.get(basename(tarball)))
      .digest('base64')}`;
    const version = { ...manifest, dist: { tarball: `${address}${basename(tarball)}`, integrity } };
    const { name, version: number } = manifest;
    documents.set(name, JSON.stringify({ name, 'dist-tags': { latest: number }, versions: { [number]: version } }));
  }
  return address;
}
