/** For tests: a folder as a plain file server gives it. */
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { contentType, type LocalServer, startLocalServer } from '@gmlp/testing';

export function serveFolder(folder: string): Promise<LocalServer> {
  return startLocalServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url!, 'http://localhost').pathname);
    try {
      const content = await readFile(join(folder, normalize(path)));
      response.writeHead(200, { 'content-type': contentType(path) }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
}
