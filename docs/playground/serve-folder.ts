/** For tests: a folder as a plain file server gives it, or with the headers that isolate a page, so that it may have threads. */
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { contentType, isolation, type LocalServer, startLocalServer } from '@gmlp/testing';

export function serveFolder(folder: string, { isolated = false } = {}): Promise<LocalServer> {
  return startLocalServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url!, 'http://localhost').pathname);
    try {
      const content = await readFile(join(folder, normalize(path)));
      response.writeHead(200, { 'content-type': contentType(path), ...(isolated && isolation) }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
}
